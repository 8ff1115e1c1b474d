// The texts of what is wrong with a new password, and of how another would be right: the last part
// of the table in texts.cpp, which alone reads this.
#pragma once

#include "daemon/texts/texts.hpp"

namespace usher::texts {

struct Row {
  Text text;
  std::string_view in[kLanguages];  // in the order of Language
};

inline constexpr Row kPasswordRows[] = {
    {Text::password_not_accepted,
     {"This password cannot be used:", "Ce mot de passe ne peut pas être utilisé :"}},
    {Text::password_not_text,
     {"it holds a character that is no text; use letters, digits, signs and spaces",
      "il contient un caractère qui n'est pas du texte ; utilisez des lettres, des chiffres, des "
      "signes et des espaces"}},
    {Text::password_too_short,
     {"it has {found} characters; use at least {wanted}, for example a few words",
      "il a {found} caractères ; utilisez-en au moins {wanted}, par exemple quelques mots"}},
    {Text::password_too_long,
     {"it has {found} characters; use at most {wanted}",
      "il a {found} caractères ; utilisez-en au plus {wanted}"}},
    {Text::password_too_large,
     {"its {found} characters take more room than there is, as letters with accents and many signs "
      "do; use at most {wanted} like these",
      "ses {found} caractères prennent trop de place, comme le font les lettres accentuées et bien "
      "des signes ; utilisez-en au plus {wanted} de cette sorte"}},
    {Text::password_lower_missing,
     {"it has no lower-case letter; add one", "il n'a pas de minuscule ; ajoutez-en une"}},
    {Text::password_upper_missing,
     {"it has no upper-case letter; add one", "il n'a pas de majuscule ; ajoutez-en une"}},
    {Text::password_digit_missing,
     {"it has no digit; add one", "il n'a pas de chiffre ; ajoutez-en un"}},
    {Text::password_special_missing,
     {"it has no special character; add one, a space will do",
      "il n'a pas de caractère spécial ; ajoutez-en un, une espace suffit"}},
    {Text::password_common,
     {"it is one of the passwords everybody tries first; choose another",
      "c'est l'un des mots de passe que tout le monde essaie d'abord ; choisissez-en un autre"}},
    {Text::password_personal,
     {"it is made of your name or your organisation's; choose something unrelated",
      "il est fait de votre nom ou de celui de votre organisation ; choisissez quelque chose sans "
      "rapport"}},
    {Text::password_unchanged,
     {"it is what you just used; choose another",
      "c'est celui que vous venez d'utiliser ; choisissez-en un autre"}},
    {Text::password_similar,
     {"it is too like the one you just used; change all of it, not a letter or a number",
      "il ressemble trop à celui que vous venez d'utiliser ; changez-le entièrement, pas une "
      "lettre "
      "ou un chiffre"}},
    {Text::password_breached,
     {"it is known from a breach elsewhere; choose another, and change it there too",
      "il figure dans une fuite survenue ailleurs ; choisissez-en un autre, et changez-le là-bas "
      "aussi"}},
    {Text::password_reused,
     {"it is one of your last {wanted} passwords; choose one you never had",
      "c'est l'un de vos {wanted} derniers mots de passe ; choisissez-en un que vous n'avez jamais "
      "eu"}},
};

}  // namespace usher::texts
