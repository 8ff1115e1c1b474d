// One parser of what people type as an address or a number.
#include "daemon/contacts/value.hpp"

#include <gtest/gtest.h>

namespace usher::contacts {
namespace {

using store::ContactKind;

std::string mail(std::string_view typed) {
  return parse_value(ContactKind::mail, typed).value_or("-");
}
std::string mobile(std::string_view typed) {
  return parse_value(ContactKind::mobile, typed).value_or("-");
}

TEST(ContactValues, AnAddressIsKeptWithItsDomainInLowerCase) {
  EXPECT_EQ(mail("  Ada.L+usher@ACME.Example\t"), "Ada.L+usher@acme.example");
}

TEST(ContactValues, WhatCouldMeanAnotherRecipientIsNoAddress) {
  for (const char* typed :
       {"", "ada", "@acme.example", "ada@", "ada@@acme.example",
        "ada@acme.example,eve@evil.example", "ada@acme.example eve@evil.example",
        "ada@acme.example\r\nBcc: eve@evil.example", "ada@acme.example\n", "ada@acme.example>",
        "<ada@acme.example>", "ada@acme.example;x=y", "ada@acme.example SIZE=1",
        "\"a b\"@acme.example", "ad\xc3\xa4@acme.example", "ada@[192.0.2.7]", "+33612345678"}) {
    EXPECT_EQ(mail(typed), "-") << typed;
  }
  EXPECT_EQ(mail(std::string_view("ada@acme.example\0", 17)), "-");
}

TEST(ContactValues, AnAddressHasAtMost254Bytes) {
  std::string domain = std::string(60, 'a');
  for (int i = 0; i < 2; ++i) domain += "." + std::string(60, 'b');
  const std::string rest = "@" + domain + "." + std::string(5, 'c');
  const std::string most = std::string(64, 'x') + rest;
  ASSERT_EQ(most.size(), 253U);
  EXPECT_EQ(mail(most), most);
  EXPECT_EQ(mail(most + "cc"), "-");
}

TEST(ContactValues, ANumberIsOfE164) {
  EXPECT_EQ(mobile(" +33 6 12-34.56 78 "), "+33612345678");
  EXPECT_EQ(mobile("+1234567"), "+1234567");
  EXPECT_EQ(mobile("+123456789012345"), "+123456789012345");
  for (const char* typed : {"", "+", "0612345678", "+0612345678", "+123456", "+1234567890123456",
                            "+33x612345678", "+33612345678;ext=1", "33612345678"}) {
    EXPECT_EQ(mobile(typed), "-") << typed;
  }
}

TEST(ContactValues, S2_AreShownInPartOnly) {
  EXPECT_EQ(masked(ContactKind::mail, "ada@acme.example"), "a...@acme.example");
  EXPECT_EQ(masked(ContactKind::mobile, "+33612345678"), "+33 ... 78");
}

}  // namespace
}  // namespace usher::contacts
