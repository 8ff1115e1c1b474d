// The reader of the published directory. It trusts nothing in the file: what does not fit is
// damaged or absent, and ids outside the ranges are not there. After open it makes no system call
// and allocates nothing. libc only; it must never reach usherd or NSS.
#pragma once

#include <sys/types.h>  // off_t

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "published/format.hpp"

namespace usher::published {

enum class Found : std::uint8_t {
  yes,
  no,       // nobody of that name or id, or an id that may not leave the file
  damaged,  // the file is not what its writer makes
};

// All views live as long as the mapping.
struct PersonView {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  bool suspended = false;
  // Each is followed by a NUL, in this order and without gaps; texts is all of it.
  std::string_view name, gecos, home, shell;
  std::string_view texts;
};

struct GroupView {
  std::uint32_t gid = 0;
  std::string_view name;  // followed by a NUL, then by the members
  std::uint32_t member_count = 0;
  std::string_view members;  // each ends in a NUL
  std::string_view texts;    // name and members with their NULs
};

// The groups a person is in by membership; the primary one need not be among them.
class Memberships {
 public:
  Memberships() = default;
  explicit Memberships(std::string_view bytes) : bytes_(bytes) {}
  std::size_t size() const { return bytes_.size() / 4; }
  std::uint32_t operator[](std::size_t index) const;

 private:
  std::string_view bytes_;
};

struct AliasView {
  std::uint32_t uid = 0;
  std::string_view name;
};

// A mapped file. A handle without an owner: nss_module keeps some where no destructor may run.
class View {
 public:
  View() = default;

  bool mapped() const { return bytes_ != nullptr; }
  // One load: the writer has marked this file, look for a newer one.
  bool superseded() const;
  bool enumerable() const;

  Found find_person(std::string_view name, PersonView& person) const;
  Found find_person(std::uint32_t uid, PersonView& person) const;
  // Someone@somewhere: yes only when the record of the canonical name has the alias's uid.
  Found find_alias(std::string_view alias, AliasView& found) const;
  Found find_group(std::string_view name, GroupView& group) const;
  Found find_group(std::uint32_t gid, GroupView& group) const;
  // no: the name is in no group, or is not known.
  Found find_memberships(std::string_view name, Memberships& gids) const;
  // Of an enumerable file, from 0 on; no is the end.
  Found person_at(std::uint32_t index, PersonView& person) const;
  Found group_at(std::uint32_t index, GroupView& group) const;

 private:
  friend class Directory;

  Found find(Key kind, std::string_view key, std::string_view& value) const;
  Found find(Key kind, std::uint32_t number, std::string_view& value) const;

  const unsigned char* bytes_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t data_end_ = 0;  // where TinyCDB's tables begin
};

// A view with an owner: unmapped at the end.
class Directory {
 public:
  // Opens the file and checks what will not be checked again: it and its directory belong to root
  // or both to one user, nobody else may write either, it is a regular file, size and offsets
  // agree. not_found: there is none; damaged and not_permitted: it cannot be trusted.
  static Result<Directory> open(const char* path);
  // The same without owner and mode, of a file that is open already and has this size.
  static Result<Directory> map(int fd, off_t file_size);

  Directory() = default;
  Directory(Directory&& other) noexcept : view_(other.release()) {}
  Directory& operator=(Directory&& other) noexcept;
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() { unmap(view_); }

  const View& view() const { return view_; }
  View release();
  static void unmap(View view);

 private:
  explicit Directory(View view) : view_(view) {}
  View view_;
};

}  // namespace usher::published
