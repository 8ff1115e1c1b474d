// The longest beginning counts (ITU-T E.164, list of assigned country codes). What shares a
// country's code and is another place, at another price, has a row of its own.
#include "daemon/sms/countries.hpp"

#include <algorithm>

namespace usher::sms {
namespace {

struct Row {
  std::string_view country;
  std::string_view beginning;
};
constexpr Row kRows[] = {
    {"US", "1"},      {"AG", "1268"},   {"AI", "1264"},   {"AS", "1684"},   {"BB", "1246"},
    {"BM", "1441"},   {"BS", "1242"},   {"DM", "1767"},   {"DO", "1809"},   {"DO", "1829"},
    {"DO", "1849"},   {"GD", "1473"},   {"GU", "1671"},   {"JM", "1658"},   {"JM", "1876"},
    {"KN", "1869"},   {"KY", "1345"},   {"LC", "1758"},   {"MP", "1670"},   {"MS", "1664"},
    {"PR", "1787"},   {"PR", "1939"},   {"SX", "1721"},   {"TC", "1649"},   {"TT", "1868"},
    {"VC", "1784"},   {"VG", "1284"},   {"VI", "1340"},   {"EG", "20"},     {"SS", "211"},
    {"MA", "212"},    {"DZ", "213"},    {"TN", "216"},    {"LY", "218"},    {"GM", "220"},
    {"SN", "221"},    {"MR", "222"},    {"ML", "223"},    {"GN", "224"},    {"CI", "225"},
    {"BF", "226"},    {"NE", "227"},    {"TG", "228"},    {"BJ", "229"},    {"MU", "230"},
    {"LR", "231"},    {"SL", "232"},    {"GH", "233"},    {"NG", "234"},    {"TD", "235"},
    {"CF", "236"},    {"CM", "237"},    {"CV", "238"},    {"ST", "239"},    {"GQ", "240"},
    {"GA", "241"},    {"CG", "242"},    {"CD", "243"},    {"AO", "244"},    {"GW", "245"},
    {"IO", "246"},    {"SC", "248"},    {"SD", "249"},    {"RW", "250"},    {"ET", "251"},
    {"SO", "252"},    {"DJ", "253"},    {"KE", "254"},    {"TZ", "255"},    {"UG", "256"},
    {"BI", "257"},    {"MZ", "258"},    {"ZM", "260"},    {"MG", "261"},    {"RE", "262"},
    {"YT", "262269"}, {"YT", "262639"}, {"ZW", "263"},    {"NA", "264"},    {"MW", "265"},
    {"LS", "266"},    {"BW", "267"},    {"SZ", "268"},    {"KM", "269"},    {"ZA", "27"},
    {"SH", "290"},    {"ER", "291"},    {"AW", "297"},    {"FO", "298"},    {"GL", "299"},
    {"GR", "30"},     {"NL", "31"},     {"BE", "32"},     {"FR", "33"},     {"ES", "34"},
    {"GI", "350"},    {"PT", "351"},    {"LU", "352"},    {"IE", "353"},    {"IS", "354"},
    {"AL", "355"},    {"MT", "356"},    {"CY", "357"},    {"FI", "358"},    {"BG", "359"},
    {"HU", "36"},     {"LT", "370"},    {"LV", "371"},    {"EE", "372"},    {"MD", "373"},
    {"AM", "374"},    {"BY", "375"},    {"AD", "376"},    {"MC", "377"},    {"SM", "378"},
    {"UA", "380"},    {"RS", "381"},    {"ME", "382"},    {"XK", "383"},    {"HR", "385"},
    {"SI", "386"},    {"BA", "387"},    {"MK", "389"},    {"IT", "39"},     {"RO", "40"},
    {"CH", "41"},     {"CZ", "420"},    {"SK", "421"},    {"LI", "423"},    {"AT", "43"},
    {"GB", "44"},     {"GG", "441481"}, {"GG", "447781"}, {"GG", "447839"}, {"GG", "447911"},
    {"IM", "441624"}, {"IM", "447524"}, {"IM", "447624"}, {"IM", "447924"}, {"JE", "441534"},
    {"JE", "447509"}, {"JE", "447700"}, {"JE", "447797"}, {"JE", "447829"}, {"JE", "447937"},
    {"DK", "45"},     {"SE", "46"},     {"NO", "47"},     {"PL", "48"},     {"DE", "49"},
    {"FK", "500"},    {"BZ", "501"},    {"GT", "502"},    {"SV", "503"},    {"HN", "504"},
    {"NI", "505"},    {"CR", "506"},    {"PA", "507"},    {"PM", "508"},    {"HT", "509"},
    {"PE", "51"},     {"MX", "52"},     {"CU", "53"},     {"AR", "54"},     {"BR", "55"},
    {"CL", "56"},     {"CO", "57"},     {"VE", "58"},     {"GP", "590"},    {"BO", "591"},
    {"GY", "592"},    {"EC", "593"},    {"GF", "594"},    {"PY", "595"},    {"MQ", "596"},
    {"SR", "597"},    {"UY", "598"},    {"CW", "599"},    {"BQ", "5993"},   {"BQ", "5994"},
    {"BQ", "5997"},   {"MY", "60"},     {"AU", "61"},     {"ID", "62"},     {"PH", "63"},
    {"NZ", "64"},     {"SG", "65"},     {"TH", "66"},     {"TL", "670"},    {"NF", "6723"},
    {"BN", "673"},    {"NR", "674"},    {"PG", "675"},    {"TO", "676"},    {"SB", "677"},
    {"VU", "678"},    {"FJ", "679"},    {"PW", "680"},    {"WF", "681"},    {"CK", "682"},
    {"NU", "683"},    {"WS", "685"},    {"KI", "686"},    {"NC", "687"},    {"TV", "688"},
    {"PF", "689"},    {"TK", "690"},    {"FM", "691"},    {"MH", "692"},    {"RU", "7"},
    {"KZ", "76"},     {"KZ", "77"},     {"JP", "81"},     {"KR", "82"},     {"VN", "84"},
    {"KP", "850"},    {"HK", "852"},    {"MO", "853"},    {"KH", "855"},    {"LA", "856"},
    {"CN", "86"},     {"BD", "880"},    {"TW", "886"},    {"TR", "90"},     {"IN", "91"},
    {"PK", "92"},     {"AF", "93"},     {"LK", "94"},     {"MM", "95"},     {"MV", "960"},
    {"LB", "961"},    {"JO", "962"},    {"SY", "963"},    {"IQ", "964"},    {"KW", "965"},
    {"SA", "966"},    {"YE", "967"},    {"OM", "968"},    {"PS", "970"},    {"AE", "971"},
    {"IL", "972"},    {"BH", "973"},    {"QA", "974"},    {"BT", "975"},    {"MN", "976"},
    {"NP", "977"},    {"IR", "98"},     {"TJ", "992"},    {"TM", "993"},    {"AZ", "994"},
    {"GE", "995"},    {"KG", "996"},    {"UZ", "998"},
};

struct PlanRow {
  std::string_view country;
  NationalPlan plan;
};
constexpr PlanRow kPlans[] = {
    {"AT", {"43", "0"}},  {"AU", {"61", "0"}},  {"BE", {"32", "0"}},  {"BG", {"359", "0"}},
    {"CA", {"1", ""}},    {"CH", {"41", "0"}},  {"CZ", {"420", ""}},  {"DE", {"49", "0"}},
    {"DK", {"45", ""}},   {"DZ", {"213", "0"}}, {"EE", {"372", ""}},  {"ES", {"34", ""}},
    {"FI", {"358", "0"}}, {"FR", {"33", "0"}},  {"GB", {"44", "0"}},  {"GR", {"30", ""}},
    {"HR", {"385", "0"}}, {"HU", {"36", "06"}}, {"IE", {"353", "0"}}, {"IN", {"91", "0"}},
    {"IT", {"39", ""}},   {"JP", {"81", "0"}},  {"LT", {"370", "0"}}, {"LU", {"352", ""}},
    {"LV", {"371", ""}},  {"MA", {"212", "0"}}, {"NL", {"31", "0"}},  {"NO", {"47", ""}},
    {"NZ", {"64", "0"}},  {"PL", {"48", ""}},   {"PT", {"351", ""}},  {"RO", {"40", "0"}},
    {"SE", {"46", "0"}},  {"SG", {"65", ""}},   {"SI", {"386", "0"}}, {"SK", {"421", "0"}},
    {"TN", {"216", ""}},  {"TR", {"90", "0"}},  {"US", {"1", ""}},    {"ZA", {"27", "0"}},
};

constexpr std::string_view kCanada = "CA";
constexpr std::string_view kUnitedStates = "US";

std::string_view by_its_numbers(std::string_view country) {
  return country == kCanada ? kUnitedStates : country;
}

}  // namespace

std::string_view country_of(std::string_view number) {
  if (!number.starts_with('+')) return {};
  number.remove_prefix(1);
  const Row* best = nullptr;
  for (const Row& row : kRows) {
    const bool is_longer = best == nullptr || row.beginning.size() > best->beginning.size();
    if (is_longer && number.starts_with(row.beginning)) best = &row;
  }
  return best != nullptr ? best->country : std::string_view();
}

bool is_country(std::string_view code) {
  return std::any_of(std::begin(kRows), std::end(kRows),
                     [&](const Row& row) { return row.country == by_its_numbers(code); });
}

bool is_same_country(std::string_view one, std::string_view other) {
  return by_its_numbers(one) == by_its_numbers(other);
}

std::optional<NationalPlan> plan_of(std::string_view country) {
  const auto* row = std::find_if(std::begin(kPlans), std::end(kPlans),
                                 [&](const PlanRow& each) { return each.country == country; });
  return row != std::end(kPlans) ? std::optional<NationalPlan>(row->plan) : std::nullopt;
}

}  // namespace usher::sms
