// The table of texts: docs/adr/0014. Values stand in braces. English first; "vous" in French. The
// last of them, what is wrong with a password, are password_rows.hpp's.
#include "daemon/texts/texts.hpp"

#include <iterator>

#include "daemon/texts/password_rows.hpp"

namespace usher::texts {
namespace {

constexpr Row kRows[] = {
    {Text::password, {"Password: ", "Mot de passe : "}},
    {Text::password_or_help, {"Password (? for help): ", "Mot de passe (? pour de l'aide) : "}},
    {Text::password_and_code, {"Password and code: ", "Mot de passe et code : "}},
    {Text::current_password, {"Current password: ", "Mot de passe actuel : "}},
    {Text::new_password, {"New password: ", "Nouveau mot de passe : "}},
    {Text::new_password_again,
     {"New password again: ", "Nouveau mot de passe, encore une fois : "}},
    {Text::code, {"Code: ", "Code : "}},
    {Text::code_or_help, {"Code (? for help): ", "Code (? pour de l'aide) : "}},
    {Text::code_shown_by_app, {"Code shown by the app: ", "Code affiché par l'application : "}},
    {Text::help_menu,
     {"1  I forgot my password\n2  I have a code\n3  Who can help me\nNumber, or Enter to go "
      "back: ",
      "1  J'ai oublié mon mot de passe\n2  J'ai un code\n3  Qui peut m'aider\nNuméro, ou Entrée "
      "pour revenir : "}},
    {Text::device_name, {"Device name [{name}]: ", "Nom de l'appareil [{name}] : "}},
    {Text::recovery_codes_noted,
     {"Press Enter when you have noted them: ", "Appuyez sur Entrée une fois notés : "}},
    {Text::do_it_now,
     {"Recommended: {action}. Type yes to do it now, or press Enter for later: ",
      "Recommandé : {action}. Tapez oui pour le faire maintenant, ou Entrée pour plus tard : "}},
    {Text::replace_breached_now,
     {"Your password is known from a breach elsewhere, and strangers try it. Type yes to choose "
      "another now, or press Enter for later: ",
      "Votre mot de passe figure dans une fuite survenue ailleurs, et des inconnus l'essaient. "
      "Tapez oui pour en choisir un autre maintenant, ou Entrée pour plus tard : "}},
    {Text::enrol_anew_now,
     {"Your second factor is suspended for now. Type yes to set up a new one in its place, or "
      "press "
      "Enter for later: ",
      "Votre second facteur est suspendu pour le moment. Tapez oui pour en configurer un nouveau à "
      "sa place, ou Entrée pour plus tard : "}},
    {Text::accept_these_terms,
     {"Type yes to accept these terms: ", "Tapez oui pour accepter ces conditions : "}},

    {Text::mail_address,
     {"E-mail address, or Enter for later: ", "Adresse e-mail, ou Entrée pour plus tard : "}},
    {Text::confirm_address_now,
     {"Type yes to confirm {contact}, another address in its place, or press Enter for later: ",
      "Tapez oui pour confirmer {contact}, une autre adresse à sa place, ou Entrée pour plus tard "
      ": "}},
    {Text::contact_code,
     {"Code sent to {contact}, another address, or Enter for later: ",
      "Code envoyé à {contact}, une autre adresse, ou Entrée pour plus tard : "}},
    {Text::number_code,
     {"Code sent to {contact}, another number, or Enter for later: ",
      "Code envoyé au {contact}, un autre numéro, ou Entrée pour plus tard : "}},
    {Text::mobile_number,
     {"Mobile number, or Enter for later: ", "Numéro de mobile, ou Entrée pour plus tard : "}},
    {Text::confirm_number_now,
     {"Type yes to confirm {contact}, another number in its place, or press Enter for later: ",
      "Tapez oui pour confirmer {contact}, un autre numéro à sa place, ou Entrée pour plus tard "
      ": "}},
    {Text::number_code_message,
     {"{code} is your code to confirm this number for {login} ({organisation}). It works for 10 "
      "minutes. Give it to nobody.",
      "{code} est votre code pour confirmer ce numéro pour {login} ({organisation}). Il vaut 10 "
      "minutes. Ne le donnez à personne."}},
    {Text::reset_code_message,
     {"{code}: type this in place of the password of {login} on {host} ({organisation}), within "
      "the hour, to choose a new one. If you did not ask for it, tell {support}.",
      "{code} : tapez ce code à la place du mot de passe de {login} sur {host} ({organisation}), "
      "dans l'heure, pour en choisir un nouveau. Si la demande ne vient pas de vous, contactez "
      "{support}."}},
    {Text::notice_message,
     {"{event}: {login} on {host} ({organisation}). If it was not you, tell {support}.",
      "{event} : {login} sur {host} ({organisation}). Si ce n'était pas vous, prévenez "
      "{support}."}},
    {Text::test_message,
     {"{organisation}: a test message of Usher on {host}. It says nothing but that it arrived.",
      "{organisation} : message de test d'Usher sur {host}. Il dit seulement qu'il est arrivé."}},

    {Text::entries_differ, {"The two entries differ.", "Les deux saisies diffèrent."}},
    {Text::code_refused,
     {"That code was not accepted. Type the next one, or a recovery code.",
      "Ce code n'a pas été accepté. Saisissez le suivant, ou un code de secours."}},
    {Text::factor_help,
     {"Who cannot use the device types a recovery code. Without one, contact {support}: your "
      "second "
      "factor can be suspended for you.",
      "Sans l'appareil, saisissez un code de secours. Sans code, contactez {support} : votre "
      "second "
      "facteur peut être suspendu."}},
    {Text::factor_help_told,
     {"Who cannot use the device types a recovery code. Without one, contact {support}: your "
      "second "
      "factor can be suspended for you. They were told by mail that you asked.",
      "Sans l'appareil, saisissez un code de secours. Sans code, contactez {support} : votre "
      "second "
      "facteur peut être suspendu. Un courriel l'a prévenu de votre demande."}},
    {Text::choose_password,
     {"Welcome. Choose the password you will sign in with from now on.",
      "Bienvenue. Choisissez le mot de passe avec lequel vous vous connecterez désormais."}},
    {Text::replace_password, {"Choose a new password.", "Choisissez un nouveau mot de passe."}},
    {Text::replace_short_password,
     {"While your second factor is suspended your password stands alone, and it is too short for "
      "that. Choose a longer one.",
      "Tant que votre second facteur est suspendu, votre mot de passe est seul à vous protéger, et "
      "il est trop court pour cela. Choisissez-en un plus long."}},
    {Text::replace_breached_password,
     {"Your password is known from a breach elsewhere. Choose a new one, and change it there too.",
      "Votre mot de passe figure dans une fuite survenue ailleurs. Choisissez-en un nouveau, et "
      "changez-le là-bas aussi."}},
    {Text::for_example, {"For example: ", "Par exemple : "}},
    {Text::password_hard_to_type,
     {"It holds a character that not every console can type. Make sure that yours can.",
      "Il contient un caractère que toutes les consoles ne savent pas saisir. Assurez-vous que la "
      "vôtre le peut."}},
    {Text::password_kept,
     {"Your new password is set.", "Votre nouveau mot de passe est enregistré."}},
    {Text::enrol_anew,
     {"Your second factor was suspended. A new one takes its place as soon as its first code is "
      "right; the old one and its recovery codes then stop working.",
      "Votre second facteur a été suspendu. Un nouveau prend sa place dès que son premier code est "
      "accepté ; l'ancien et ses codes de secours ne fonctionnent alors plus."}},
    {Text::app_wanted,
     {"Set up a second factor: the code that an authenticator app on your device shows. Without "
      "one, install any such app first: within the hour, your next sign-in goes on from here.",
      "Configurez un second facteur : le code qu'affiche une application d'authentification sur "
      "votre appareil. Sans application, installez-en d'abord une : dans l'heure, votre prochaine "
      "connexion reprend ici."}},
    {Text::scan_this,
     {"Scan this with the authenticator app:", "Scannez ceci avec l'application :"}},
    {Text::type_this_key, {"or type this key into it: ", "ou saisissez-y cette clé : "}},
    {Text::type_this_key_alone,
     {"Type this key into the authenticator app: ", "Saisissez cette clé dans l'application : "}},
    {Text::redraw,
     {"Should the drawing be unreadable, type # and it is drawn in # signs, twice as wide.",
      "Si le dessin est illisible, tapez # et il sera dessiné avec des signes #, deux fois plus "
      "large."}},
    {Text::device_name_not_usable,
     {"That cannot be its name. Use at most 40 letters, digits and signs, for example: phone",
      "Ce ne peut être son nom. Utilisez au plus 40 lettres, chiffres et signes, par exemple : "
      "téléphone"}},
    {Text::device_name_taken,
     {"Another device of yours has that name.", "Un autre de vos appareils porte ce nom."}},
    {Text::enrolment_code_refused,
     {"That code does not fit. Enter the one the app shows now; if none fits, check the clock of "
      "your phone.",
      "Ce code ne convient pas. Saisissez celui que l'application affiche maintenant ; si aucun ne "
      "convient, vérifiez l'heure de votre téléphone."}},
    {Text::factor_kept, {"Your second factor is set up.", "Votre second facteur est enregistré."}},
    {Text::recovery_codes_shown,
     {"These are your recovery codes. Each works once, in place of a code, should you lose the "
      "device. Keep them apart from it; they are not shown again:",
      "Voici vos codes de secours. Chacun remplace une fois le code, si vous perdez l'appareil. "
      "Gardez-les ailleurs ; ils ne seront plus affichés :"}},
    {Text::recovery_codes_kept,
     {"Your recovery codes are set up.", "Vos codes de secours sont enregistrés."}},
    {Text::recovery_codes_left,
     {"That was a recovery code. You have {count} left.",
      "C'était un code de secours. Il vous en reste {count}."}},
    {Text::recovery_codes_few,
     {"That was a recovery code. You have only {count} left: set up your device again before they "
      "run out.",
      "C'était un code de secours. Il ne vous en reste que {count} : configurez à nouveau votre "
      "appareil avant qu'ils ne s'épuisent."}},
    {Text::recovery_codes_none,
     {"That was your last recovery code. Without your device you cannot sign in any more: draw new "
      "codes, or contact {support} now.",
      "C'était votre dernier code de secours. Sans votre appareil vous ne pourrez plus vous "
      "connecter : notez de nouveaux codes, ou contactez {support} sans attendre."}},
    {Text::terms_kept, {"Your acceptance is recorded.", "Votre acceptation est enregistrée."}},
    {Text::not_an_address, {"That is not an e-mail address.", "Ce n'est pas une adresse e-mail."}},
    {Text::not_a_number,
     {"That is not a phone number such as +33612345678.",
      "Ce n'est pas un numéro de téléphone tel que +33612345678."}},
    {Text::number_not_served,
     {"No text messages are sent to that country. Contact {support}.",
      "Aucun message n'est envoyé vers ce pays. Contactez {support}."}},
    {Text::number_codes_spent,
     {"Enough text messages were sent for today. Another can be sent tomorrow.",
      "Assez de messages ont été envoyés pour aujourd'hui. Un autre pourra l'être demain."}},
    {Text::number_code_refused,
     {"That code does not fit. If none arrived, type the number again, with its +, for another.",
      "Ce code ne convient pas. Si aucun n'est arrivé, saisissez de nouveau le numéro, avec son "
      "+, pour en recevoir un autre."}},
    {Text::number_needs_proof,
     {"A confirmed number is only replaced after a second factor or a one-time code of your help "
      "desk. Contact {support}.",
      "Un numéro confirmé n'est remplacé qu'après un second facteur ou un code à usage unique de "
      "votre assistance. Contactez {support}."}},
    {Text::number_kept, {"Your number is confirmed.", "Votre numéro est confirmé."}},
    {Text::number_kept_held,
     {"Your number is confirmed. In {hours} hours it can serve to recover your password.",
      "Votre numéro est confirmé. Dans {hours} heures, il pourra servir à récupérer votre mot de "
      "passe."}},
    {Text::contact_code_refused,
     {"That code does not fit. If none arrived, type the address again for another.",
      "Ce code ne convient pas. Si aucun n'est arrivé, saisissez de nouveau l'adresse pour en "
      "recevoir un autre."}},
    {Text::contact_code_dead,
     {"That code no longer works. Another can be sent at your next sign-in.",
      "Ce code n'est plus valable. Un autre pourra être envoyé à votre prochaine connexion."}},
    {Text::contact_code_soon,
     {"A code was sent a moment ago. Another can be sent in a minute.",
      "Un code vient d'être envoyé. Un autre pourra l'être dans une minute."}},
    {Text::contact_codes_spent,
     {"Enough codes were sent for now. Another can be sent in an hour.",
      "Assez de codes ont été envoyés pour le moment. Un autre pourra l'être dans une heure."}},
    {Text::contact_needs_proof,
     {"A confirmed address is only replaced after a second factor or a one-time code of your help "
      "desk. Contact {support}.",
      "Une adresse confirmée n'est remplacée qu'après un second facteur ou un code à usage unique "
      "de votre assistance. Contactez {support}."}},
    {Text::contact_kept, {"Your address is confirmed.", "Votre adresse est confirmée."}},
    {Text::contact_kept_held,
     {"Your address is confirmed. In {hours} hours it can serve to recover your password.",
      "Votre adresse est confirmée. Dans {hours} heures, elle pourra servir à récupérer votre mot "
      "de passe."}},
    {Text::to_change_password, {"choose a new password", "choisir un nouveau mot de passe"}},
    {Text::to_enrol_factor, {"set up a second factor", "configurer un second facteur"}},
    {Text::to_draw_recovery_codes,
     {"write down recovery codes, for when the device is lost",
      "noter des codes de secours, pour le cas où l'appareil serait perdu"}},
    {Text::to_accept_terms, {"accept the terms of use", "accepter les conditions d'utilisation"}},
    {Text::to_confirm_contact, {"confirm where you are reached", "confirmer où vous joindre"}},
    {Text::signed_in_as, {"Signed in as {who}.", "Connecté en tant que {who}."}},
    {Text::news, {"Since you signed in last:", "Depuis votre dernière connexion :"}},
    {Text::news_line, {"{event}: {time}", "{event} : {time}"}},
    {Text::news_from, {", from {origin}", ", depuis {origin}"}},
    {Text::news_by, {", by {by}", ", par {by}"}},
    {Text::news_more, {"and {count} more", "et {count} de plus"}},
    {Text::news_not_you,
     {"Not you? Contact {support}.", "Ce n'était pas vous ? Contactez {support}."}},
    {Text::still_to_do,
     {"Still to be done, at a sign-in with your password: {action}.",
      "Reste à faire, en vous connectant avec votre mot de passe : {action}."}},
    {Text::enrol_anew_at_console,
     {"Your second factor is suspended for now. Sign in at the console of this machine to set up a "
      "new one, or contact {support}.",
      "Votre second facteur est suspendu pour le moment. Connectez-vous à la console de cette "
      "machine pour en configurer un nouveau, ou contactez {support}."}},
    {Text::yes, {"yes", "oui"}},

    {Text::account_ends_soon,
     {"Your account ends in {days} day(s). If you still need it, contact {support}.",
      "Votre compte prend fin dans {days} jour(s). S'il vous sert encore, contactez {support}."}},
    {Text::password_ends_soon,
     {"Your password must be changed within {days} day(s). To do it now: passwd",
      "Votre mot de passe doit être changé d'ici {days} jour(s). Pour le faire maintenant : "
      "passwd"}},

    {Text::ask_once_only,
     {"This program can ask only one question. Sign in once at the console, or over SSH with "
      "keyboard-interactive authentication.",
      "Ce programme ne peut poser qu'une question. Connectez-vous une fois à la console, ou par "
      "SSH "
      "avec l'authentification « keyboard-interactive »."}},
    {Text::root_resets,
     {"Root does not change this password. Use: usherctl user reset",
      "Root ne change pas ce mot de passe. Utilisez : usherctl user reset"}},
    {Text::help_given,
     {"If you chose 1 and this account has a confirmed address, a mail from {sender} is on its "
      "way: a code for a new password, or where one can be asked for. A code is typed in place of "
      "the password, here or at another sign-in, within the hour. No mail? Look among the unwanted "
      "ones, or contact {support}.",
      "Si vous avez choisi 1 et que ce compte a une adresse confirmée, un message de {sender} est "
      "en route : un code pour un nouveau mot de passe, ou l'endroit où en demander un. Un code se "
      "tape à la place du mot de passe, ici ou à une autre connexion, dans l'heure. Pas de message "
      "? Regardez parmi les indésirables, ou contactez {support}."}},
    {Text::help_given_or_sms,
     {"If you chose 1 and this account has a confirmed address or number, a mail from {sender} or "
      "a text message is on its way: a code for a new password, or where one can be asked for. A "
      "code is typed in place of the password, here or at another sign-in, within the hour. "
      "Nothing? Look among the unwanted mails, or contact {support}.",
      "Si vous avez choisi 1 et que ce compte a une adresse ou un numéro confirmés, un message de "
      "{sender} ou un SMS est en route : un code pour un nouveau mot de passe, ou l'endroit où en "
      "demander un. Un code se tape à la place du mot de passe, ici ou à une autre connexion, dans "
      "l'heure. Rien ? Regardez parmi les indésirables, ou contactez {support}."}},
    {Text::help_given_by_sms,
     {"If you chose 1 and this account has a confirmed number, a text message is on its way: a "
      "code for a new password. It is typed in place of the password, here or at another sign-in, "
      "within the hour. Nothing? Contact {support}.",
      "Si vous avez choisi 1 et que ce compte a un numéro confirmé, un SMS est en route : un code "
      "pour un nouveau mot de passe. Il se tape à la place du mot de passe, ici ou à une autre "
      "connexion, dans l'heure. Rien ? Contactez {support}."}},
    {Text::your_administrator, {"your administrator", "votre administrateur"}},
    {Text::sign_in_again,
     {"Sign in again, with the new password.",
      "Connectez-vous de nouveau, avec le nouveau mot de passe."}},
    {Text::objected,
     {"Noted: it was not you. Your password is void, and your open sessions were ended. For a new "
      "password contact {support}, and look through your second factors and SSH keys with them.",
      "C'est noté : ce n'était pas vous. Votre mot de passe est annulé et vos sessions ouvertes "
      "sont closes. Pour un nouveau mot de passe, contactez {support}, et vérifiez ensemble vos "
      "seconds facteurs et vos clés SSH."}},
    {Text::objected_sessions_stay,
     {"Noted: it was not you. Your password is void, but sessions that are open could not be "
      "ended. Contact {support} now, for that and for a new password, and look through your second "
      "factors and SSH keys with them.",
      "C'est noté : ce n'était pas vous. Votre mot de passe est annulé, mais des sessions ouvertes "
      "n'ont pas pu être closes. Contactez {support} sans attendre, pour cela et pour un nouveau "
      "mot de passe, et vérifiez ensemble vos seconds facteurs et vos clés SSH."}},
    {Text::password_too_early,
     {"Your password cannot be changed yet: it must be {days} days old. If it cannot wait, contact "
      "{support}.",
      "Votre mot de passe ne peut pas encore être changé : il doit avoir {days} jours. Si cela ne "
      "peut attendre, contactez {support}."}},
    {Text::password_too_often,
     {"You changed your password often within the hour: wait a while. If it cannot wait, contact "
      "{support}.",
      "Vous avez souvent changé de mot de passe en une heure : patientez un peu. Si cela ne peut "
      "attendre, contactez {support}."}},
    {Text::suspended,
     {"Your account is suspended. Contact {support}.",
      "Votre compte est suspendu. Contactez {support}."}},
    {Text::disabled,
     {"Your account is disabled. Contact {support}.",
      "Votre compte est désactivé. Contactez {support}."}},
    {Text::expired,
     {"Your account has ended. Contact {support}.",
      "Votre compte a pris fin. Contactez {support}."}},
    {Text::inactive,
     {"Your account was closed because nobody used it. Contact {support}.",
      "Votre compte a été fermé parce que personne ne l'utilisait. Contactez {support}."}},
    {Text::signed_in_elsewhere,
     {"You sign in through {source}: no password is kept here. Contact {support}.",
      "Vous vous connectez par {source} : aucun mot de passe n'est conservé ici. Contactez "
      "{support}."}},
    {Text::finish_elsewhere,
     {"Your account is not set up completely: {action}. Sign in once at the console or over SSH, "
      "or "
      "contact {support}.",
      "Votre compte n'est pas entièrement configuré : {action}. Connectez-vous une fois à la "
      "console ou par SSH, ou contactez {support}."}},
    {Text::enrol_elsewhere,
     {"Your second factor is not set up. Sign in at the console of this machine, or ask {support} "
      "for a new one-time code.",
      "Votre second facteur n'est pas configuré. Connectez-vous à la console de cette machine, ou "
      "demandez un nouveau code à usage unique à {support}."}},
    {Text::not_without,
     {"Before you can sign in: {action}. If you cannot, contact {support}.",
      "Avant de pouvoir vous connecter : {action}. En cas d'impossibilité, contactez {support}."}},
    {Text::sign_in_first,
     {"Sign in once with your password first, or contact {support}.",
      "Connectez-vous d'abord une fois avec votre mot de passe, ou contactez {support}."}},
    {Text::sign_in_first_for,
     {"Still to be done: {action}. Sign in once with your password first, or contact {support}.",
      "Reste à faire : {action}. Connectez-vous d'abord une fois avec votre mot de passe, ou "
      "contactez {support}."}},
};

// Every value one language names stands in the other: {support} may not get lost in translation.
constexpr bool names_values_of(std::string_view one, std::string_view other) {
  for (std::size_t at = one.find('{'); at != std::string_view::npos; at = one.find('{', at + 1)) {
    const std::size_t end = one.find('}', at);
    if (end == std::string_view::npos) return false;
    if (other.find(one.substr(at, end - at + 1)) == std::string_view::npos) return false;
  }
  return true;
}

constexpr const Row& row_of(std::size_t text) {
  return text < std::size(kRows) ? kRows[text] : kPasswordRows[text - std::size(kRows)];
}

constexpr bool rows_are_whole() {
  if (std::size(kRows) + std::size(kPasswordRows) != kTexts) return false;
  for (std::size_t i = 0; i < kTexts; ++i) {
    const Row& row = row_of(i);
    if (row.text != static_cast<Text>(i)) return false;
    for (const std::string_view text : row.in) {
      if (text.empty()) return false;
      if (!names_values_of(text, row.in[0]) || !names_values_of(row.in[0], text)) return false;
    }
  }
  return true;
}
static_assert(rows_are_whole(), "a text is missing, out of order, or names other values");

}  // namespace

std::string_view of(Language language, Text text) {
  return row_of(static_cast<std::size_t>(text)).in[static_cast<std::size_t>(language)];
}

std::string_view support_in(Language language, std::string_view named) {
  return named == of(Language::english, Text::your_administrator)
             ? of(language, Text::your_administrator)
             : named;
}

}  // namespace usher::texts
