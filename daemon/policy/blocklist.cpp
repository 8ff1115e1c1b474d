// A short list of whole passwords that guessers try first, lower case.
// It catches the laziest choices only; a filter of tens of thousands takes its place.
#include <algorithm>
#include <iterator>

#include "daemon/policy/password_rules.hpp"

namespace usher::policy {
namespace {

constexpr std::string_view kCommon[] = {
    "00000000",         "000000000",        "0987654321",
    "0123456789",       "11111111",         "111111111",
    "1111111111",       "11223344",         "112233445566",
    "12121212",         "123123123",        "123123123123",
    "12341234",         "1234512345",       "12345678",
    "123456789",        "1234567890",       "12345678910",
    "123456789012",     "1234567890123456", "1234567890qwerty",
    "123456789a",       "123456789abcdef",  "12345678a",
    "123456abc",        "1234abcd",         "123qweasd",
    "123qweasdzxc",     "1q2w3e4r",         "1q2w3e4r5t",
    "1q2w3e4r5t6y",     "1qaz2wsx",         "1qaz2wsx3edc",
    "22222222",         "55555555",         "66666666",
    "77777777",         "87654321",         "88888888",
    "987654321",        "9876543210",       "99999999",
    "aaaaaaaa",         "abc12345",         "abcd1234",
    "abcdefgh",         "abcdefghijklmnop", "admin123",
    "administrator",    "asdfasdf",         "asdfghjk",
    "asdfghjkl",        "azerty123",        "azerty1234",
    "azertyui",         "azertyuiop",       "baseball",
    "basketball",       "bienvenue",        "bienvenue1",
    "bonjour1",         "bonjour123",       "changeit",
    "changeme",         "changeme123",      "chocolat",
    "chocolate",        "computer",         "correcthorsebatterystaple",
    "dragon123",        "doudou123",        "fallout1",
    "football",         "football1",        "freedom1",
    "hello123",         "helloworld",       "iloveyou",
    "iloveyou1",        "jesus123",         "jetaime1",
    "letmein1",         "letmein123",       "liverpool",
    "loulou123",        "lovely123",        "loveyou1",
    "manchester",       "marseille",        "michael1",
    "monkey123",        "motdepasse",       "motdepasse1",
    "motdepasse123",    "mypassword",       "nicolas1",
    "nopassword",       "p@ssw0rd",         "p@ssword",
    "pa$$w0rd",         "pa$$word",         "pass1234",
    "passw0rd",         "passw0rd123",      "password",
    "password!",        "password!1",       "password1",
    "password1!",       "password12",       "password123",
    "password123!",     "password1234",     "password12345",
    "passwordpassword", "pokemon123",       "princess",
    "princess1",        "q1w2e3r4",         "qazwsxedc",
    "qwer1234",         "qwerasdf",         "qwerty12",
    "qwerty123",        "qwerty1234",       "qwerty12345",
    "qwerty123456",     "qwertyui",         "qwertyuiop",
    "qwertyuiop123",    "samsung1",         "secret123",
    "shadow123",        "sunshine",         "sunshine1",
    "superman",         "superman1",        "test1234",
    "testtest",         "trustno1",         "undertaker",
    "welcome1",         "welcome123",       "welcome2",
    "whatever",         "zaq12wsx",         "zxcvbnm1",
    "zxcvbnm123",
};

}  // namespace

bool is_common(std::string_view folded) {
  return std::find(std::begin(kCommon), std::end(kCommon), folded) != std::end(kCommon);
}

}  // namespace usher::policy
