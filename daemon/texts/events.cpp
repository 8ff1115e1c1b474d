// The table of events. English first. The words stand alone on a line: "New password: 22 November".
#include "daemon/texts/events.hpp"

#include <algorithm>
#include <array>

namespace usher::texts {
namespace {

struct Row {
  std::string_view letter;
  std::string_view in[kLanguages];  // in the order of Language
};

constexpr std::array kRows{
    Row{"invitation-accepted", {"First password", "Premier mot de passe"}},
    Row{"reset-done", {"New password, by a code", "Nouveau mot de passe, par un code"}},
    Row{"password-changed", {"New password", "Nouveau mot de passe"}},
    Row{"reset-by-staff", {"Password reset", "Mot de passe réinitialisé"}},
    Row{"password-set-by-staff", {"Password set", "Mot de passe défini"}},
    Row{"account-converted", {"Account now of this host", "Compte désormais géré ici"}},
    Row{"password-breached",
        {"Password found in a list of breached ones",
         "Mot de passe trouvé dans une liste de mots de passe divulgués"}},
    Row{"factor-added", {"Second factor set up", "Second facteur configuré"}},
    Row{"factor-removed", {"Second factor removed", "Second facteur retiré"}},
    Row{"factors-suspended", {"Second factor suspended", "Second facteur suspendu"}},
    Row{"recovery-codes-drawn", {"New recovery codes", "Nouveaux codes de secours"}},
    Row{"recovery-code-used", {"Recovery code used", "Code de secours utilisé"}},
    Row{"contact-changed", {"Address or number changed", "Adresse ou numéro modifié"}},
    Row{"contact-confirmed", {"Address or number confirmed", "Adresse ou numéro confirmé"}},
    Row{"contact-removed", {"Address or number removed", "Adresse ou numéro retiré"}},
    Row{"account-suspended", {"Account suspended", "Compte suspendu"}},
    Row{"account-reopened", {"Account opened again", "Compte rouvert"}},
    Row{"account-disabled", {"Account disabled", "Compte désactivé"}},
    Row{"sign-in-from-new-host",
        {"Sign-in from a new place", "Connexion depuis un nouvel endroit"}},
    Row{"sign-in-after-failures",
        {"Sign-in after failed attempts", "Connexion après des tentatives échouées"}},
    Row{"second-factor-failed",
        {"Right password, and no right code", "Bon mot de passe, sans code correct"}},
};

constexpr bool rows_are_whole() {
  for (const Row& row : kRows) {
    for (const std::string_view text : row.in) {
      if (text.empty() || row.letter.empty()) return false;
    }
  }
  return true;
}
static_assert(rows_are_whole(), "an event lacks its words in a language");

}  // namespace

std::optional<std::string_view> event_named(Language language, std::string_view letter) {
  const auto* found = std::find_if(kRows.begin(), kRows.end(),
                                   [&](const Row& row) { return row.letter == letter; });
  if (found == kRows.end()) return std::nullopt;
  return found->in[static_cast<std::size_t>(language)];
}

}  // namespace usher::texts
