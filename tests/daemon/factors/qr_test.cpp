// The drawing of a QR code: what another program reads from it, and that it fits a terminal.
#include "daemon/factors/qr.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/fakes/run_program.hpp"
#include "tests/fakes/temporary_directory.hpp"

namespace usher::factors {
namespace {

constexpr std::string_view kUri =
    "otpauth://totp/Usher:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Usher";

std::string drawing_of(std::string_view text) {
  return std::string(draw_qr(Secret::copy(text).release_value())->view());
}

// Two rows of modules for each line of characters; true is a light module.
std::vector<std::vector<bool>> modules_of(const std::string& drawing) {
  std::vector<std::vector<bool>> rows;
  std::istringstream lines(drawing);
  for (std::string line; std::getline(lines, line);) {
    std::vector<bool> above, below;
    for (std::size_t at = 0; at < line.size();) {
      const std::string_view rest = std::string_view(line).substr(at);
      const bool full = rest.starts_with("\u2588");
      above.push_back(full || rest.starts_with("\u2580"));
      below.push_back(full || rest.starts_with("\u2584"));
      at += line[at] == ' ' ? 1U : 3U;
    }
    rows.push_back(above);
    rows.push_back(below);
  }
  return rows;
}

// As a terminal shows it: a character twice as high as wide, so a module is a square of pixels.
void write_bitmap(const std::vector<std::vector<bool>>& rows, const std::string& path) {
  constexpr std::size_t kPixels = 6;
  std::ofstream file(path);
  file << "P1\n" << rows.front().size() * kPixels << ' ' << rows.size() * kPixels << '\n';
  for (const std::vector<bool>& row : rows) {
    for (std::size_t repeat = 0; repeat < kPixels; ++repeat) {
      for (const bool light : row) {
        for (std::size_t pixel = 0; pixel < kPixels; ++pixel) file << (light ? "0 " : "1 ");
      }
      file << '\n';
    }
  }
}

std::string read_by_zbarimg(const std::vector<std::vector<bool>>& rows) {
  const fakes::TemporaryDirectory directory;
  write_bitmap(rows, directory / "code.pbm");
  const fakes::Ran ran =
      fakes::run_program("zbarimg --nodbus --quiet --raw --set disable --set qrcode.enable '" +
                         (directory / "code.pbm") + "'");
  EXPECT_EQ(ran.status, 0) << "is zbarimg there?";
  return ran.output.substr(0, ran.output.find('\n'));
}
std::string read_by_zbarimg(const std::string& drawing) {
  return read_by_zbarimg(modules_of(drawing));
}

TEST(Qr, G19_IsReadByAnotherProgram) {
  EXPECT_EQ(read_by_zbarimg(drawing_of(kUri)), kUri);
}

TEST(Qr, G19_IsReadInSignsToo) {
  const Secret uri = Secret::copy(kUri).release_value();
  const std::string drawing(draw_qr(uri, Blocks::signs).release_value().view());
  EXPECT_EQ(drawing.find_first_not_of("# \n"), std::string::npos) << drawing;
  std::vector<std::vector<bool>> rows;
  std::istringstream lines(drawing);
  for (std::string line; std::getline(lines, line);) {
    std::vector<bool> row;
    for (std::size_t at = 0; at + 1 < line.size(); at += 2) row.push_back(line[at] == '#');
    rows.push_back(row);
  }
  EXPECT_EQ(read_by_zbarimg(rows), kUri);
}

TEST(Qr, G19_IsReadWithTheLongestNames) {
  std::string uri = "otpauth://totp/";
  for (int i = 0; i < 64; ++i) uri += "%C3";
  uri += ":" + std::string(32, 'n') + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=";
  for (int i = 0; i < 64; ++i) uri += "%C3";
  EXPECT_EQ(read_by_zbarimg(drawing_of(uri)), uri);
}

TEST(Qr, FitsATerminalOf24Lines) {
  const auto rows = modules_of(drawing_of(kUri));
  EXPECT_LE(rows.size() / 2, 24U);
  EXPECT_LE(rows.front().size(), 80U);
}

TEST(Qr, KeepsAQuietZoneOfFourModules) {
  const auto rows = modules_of(drawing_of(kUri));
  const std::size_t width = rows.front().size();
  for (std::size_t y = 0; y < rows.size(); ++y) {
    ASSERT_EQ(rows[y].size(), width);
    for (std::size_t x = 0; x < width; ++x) {
      const bool border = y < 4 || x < 4 || y + 4 >= rows.size() || x + 4 >= width;
      if (border) {
        ASSERT_TRUE(rows[y][x]) << x << ',' << y;
      }
    }
  }
}

TEST(Qr, HoldsNoEscapeSequence) {
  const std::string drawing = drawing_of(kUri);
  EXPECT_EQ(drawing.find('\x1b'), std::string::npos);
  EXPECT_TRUE(drawing.ends_with('\n'));
}

TEST(Qr, IsAnErrorForWhatNoCodeCanHold) {
  EXPECT_FALSE(draw_qr(Secret::copy(std::string(3000, 'x')).release_value()));
}

}  // namespace
}  // namespace usher::factors
