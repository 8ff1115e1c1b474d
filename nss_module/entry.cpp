// The functions glibc looks up in libnss_usher.so.2, each a line. They must never decide anything.
#include "nss_module/lookups.hpp"

namespace lookups = usher::nss_module;

// The one place where hidden visibility is lifted.
#define USHER_EXPORTED extern "C" __attribute__((visibility("default")))

USHER_EXPORTED nss_status _nss_usher_getpwnam_r(const char* name, passwd* result, char* buffer,
                                                size_t size, int* errnop) {
  return lookups::person_by_name(name, result, buffer, size, errnop);
}

USHER_EXPORTED nss_status _nss_usher_getpwuid_r(uid_t uid, passwd* result, char* buffer,
                                                size_t size, int* errnop) {
  return lookups::person_by_uid(uid, result, buffer, size, errnop);
}

USHER_EXPORTED nss_status _nss_usher_setpwent(int) {
  return lookups::start_people();
}

USHER_EXPORTED nss_status _nss_usher_getpwent_r(passwd* result, char* buffer, size_t size,
                                                int* errnop) {
  return lookups::next_person(result, buffer, size, errnop);
}

USHER_EXPORTED nss_status _nss_usher_endpwent() {
  return lookups::start_people();
}

USHER_EXPORTED nss_status _nss_usher_getgrnam_r(const char* name, group* result, char* buffer,
                                                size_t size, int* errnop) {
  return lookups::group_by_name(name, result, buffer, size, errnop);
}

USHER_EXPORTED nss_status _nss_usher_getgrgid_r(gid_t gid, group* result, char* buffer, size_t size,
                                                int* errnop) {
  return lookups::group_by_gid(gid, result, buffer, size, errnop);
}

USHER_EXPORTED nss_status _nss_usher_setgrent(int) {
  return lookups::start_groups();
}

USHER_EXPORTED nss_status _nss_usher_getgrent_r(group* result, char* buffer, size_t size,
                                                int* errnop) {
  return lookups::next_group(result, buffer, size, errnop);
}

USHER_EXPORTED nss_status _nss_usher_endgrent() {
  return lookups::start_groups();
}

USHER_EXPORTED nss_status _nss_usher_initgroups_dyn(const char* name, gid_t primary, long* start,
                                                    long* size, gid_t** groups, long limit,
                                                    int* errnop) {
  return lookups::groups_of_person(name, primary, start, size, groups, limit, errnop);
}
