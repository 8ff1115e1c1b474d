// What the person reads. Another type of text than Error's: nothing here names a cause before
// every required factor is proven. English so far.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/policy/password_rules.hpp"

namespace usher::sign_in::texts {

inline constexpr std::string_view kPassword = "Password: ";
inline constexpr std::string_view kPasswordAndCode = "Password and code: ";
inline constexpr std::string_view kCurrentPassword = "Current password: ";
inline constexpr std::string_view kNewPassword = "New password: ";
inline constexpr std::string_view kNewPasswordAgain = "New password again: ";
inline constexpr std::string_view kEntriesDiffer = "The two entries differ.";
inline constexpr std::string_view kCodeRefused =
    "That code was not accepted. Wait for the next one.";
inline constexpr std::string_view kChoosePassword =
    "Welcome. Choose the password you will sign in with from now on.";
inline constexpr std::string_view kReplacePassword = "Choose a new password.";
inline constexpr std::string_view kPasswordKept = "Your new password is set.";
inline constexpr std::string_view kFactorKept = "Your second factor is set up.";
inline constexpr std::string_view kAskOnceOnly =
    "This program can ask only one question. Sign in once at the console, or over SSH with "
    "keyboard-interactive authentication.";
inline constexpr std::string_view kRootResets =
    "Root does not change this password. Use: usherctl user reset";

std::string suspended(std::string_view support);
std::string finish_elsewhere(std::string_view support);
std::string enrol_elsewhere(std::string_view support);
std::string sign_in_first(std::string_view support);
// Every failed rule with what to do about it, a line each.
std::string describe(const std::vector<policy::Failure>& failures);

}  // namespace usher::sign_in::texts
