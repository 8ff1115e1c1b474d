// What the exported functions call. The names and shapes are glibc's, without their prefix.
#pragma once

#include <grp.h>
#include <nss.h>
#include <pwd.h>

#include <cstddef>

namespace usher::nss_module {

nss_status person_by_name(const char* name, passwd* result, char* buffer, std::size_t size,
                          int* errnop);
nss_status person_by_uid(uid_t uid, passwd* result, char* buffer, std::size_t size, int* errnop);
nss_status start_people();
nss_status next_person(passwd* result, char* buffer, std::size_t size, int* errnop);

nss_status group_by_name(const char* name, group* result, char* buffer, std::size_t size,
                         int* errnop);
nss_status group_by_gid(gid_t gid, group* result, char* buffer, std::size_t size, int* errnop);
nss_status start_groups();
nss_status next_group(group* result, char* buffer, std::size_t size, int* errnop);

// Adds to an array that malloc gave and that may be moved: `start` are used, `size` there, and
// it may grow to `limit`, unless that is not positive.
nss_status groups_of_person(const char* name, gid_t primary, long* start, long* size,
                            gid_t** groups, long limit, int* errnop);

}  // namespace usher::nss_module
