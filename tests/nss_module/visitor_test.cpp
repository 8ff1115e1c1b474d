// The built module inside a plain program, found and called by glibc.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "nss_world.hpp"
#include "tests/fakes/run_program.hpp"

namespace usher::nss_module::test {
namespace {

constexpr const char* kModule = "libnss_usher.so.2";

// Others may enter: nobody looks names up too. The module comes along, because the build may stand
// in a home that nobody but its owner enters, and glibc loads the module at the first lookup.
struct PublicPlace {
  PublicPlace() {
    std::filesystem::copy_file(std::string(USHER_NSS_DIRECTORY "/") + kModule,
                               place.directory / kModule);
    EXPECT_EQ(::chmod(place.directory.path().c_str(), 0755), 0);
    EXPECT_TRUE(fakes::publish(fakes::small_directory(), place.file).has_value());
  }
  fakes::PublishedPlace place;

  // The exit status of the visitor, 0 for found.
  fakes::Ran visit(const std::string& way, const std::string& before = {}) const {
    return fakes::run_program("env -u LD_PRELOAD LD_LIBRARY_PATH=" + place.directory.path() +
                              " USHER_TEST_DIRECTORY=" + place.file + " " + before +
                              " " USHER_NSS_VISITOR " " + way + " ada");
  }
};

TEST(NssVisitor, FindsPeopleThroughGlibc) {
  const PublicPlace place;
  EXPECT_EQ(place.visit("glibc").status, 0);
  std::filesystem::remove(place.place.file);
  EXPECT_NE(place.visit("glibc").status, 0) << "the visitor finds people without a file";
}

TEST(NssVisitor, FindsPeopleAsNobody) {
  ASSERT_EQ(::geteuid(), 0U) << "becoming nobody needs root";
  const PublicPlace place;
  EXPECT_EQ(place.visit("nobody").status, 0);
}

TEST(NssVisitor, OpensAndClosesTheModuleTenThousandTimesAndMapsTheFileOnce) {
  const PublicPlace place;
  EXPECT_EQ(place.visit("open-and-close").status, 0);
}

TEST(NssVisitor, FindsPeopleOnTheSmallestStack) {
  const PublicPlace place;
  EXPECT_EQ(place.visit("small-stack").status, 0);
}

TEST(NssVisitor, LeavesOtherDatabasesToTheNextService) {
  ASSERT_EQ(::geteuid(), 0U) << "the databases every host has besides ours are root's to read";
  const PublicPlace place;
  EXPECT_EQ(place.visit("other-databases").status, 0);
}

std::vector<std::string> lines_between_marks(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  int marks = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.find("\"mark\"") != std::string::npos) {
      ++marks;
    } else if (marks == 1) {
      lines.push_back(line);
    }
  }
  EXPECT_EQ(marks, 2) << "strace saw no marks: this test reads nothing";
  return lines;
}

TEST(NssVisitor, MakesNoSystemCallOnAWarmLookup) {
  const PublicPlace place;
  const std::string trace = place.place.directory / "trace";
  const fakes::Ran ran = place.visit("warm", USHER_STRACE " -f -o " + trace);
  ASSERT_EQ(ran.status, 0) << ran.output;
  for (const std::string& line : lines_between_marks(trace)) ADD_FAILURE() << line;
}

}  // namespace
}  // namespace usher::nss_module::test
