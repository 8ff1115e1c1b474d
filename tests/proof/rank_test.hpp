// What the proofs of timings share: how many samples, and a rank test (Mann-Whitney, U by its
// normal approximation) of whether one sort of name can be told from another.
#pragma once

#include <string>
#include <vector>

#include "tests/system/host.hpp"

namespace usher::test {

// A sort of name: main() takes it from the command line.
extern int samples;

using Milliseconds = std::vector<double>;

double median(Milliseconds values);
// How many standard deviations the rank sum of `one` is off; ties are as good as none.
double standard_score(const Milliseconds& one, const Milliseconds& other);
// Prints the line of a sort, and returns its score.
double compare(const char* what, const Milliseconds& one, const Milliseconds& other);

Caller from_afar(const char* name);
// Another one each time.
std::string next_guess();

// Adds the person, and has them choose kPassword at the console. Fails the test unless they are in.
void add_with_password(const Host& host, const std::string& name);

}  // namespace usher::test
