// The functions of databases Usher has nothing to say about. glibc asks a module it loads for all
// functions it knows (nss/function.def of 2.34 to 2.36, in its order there by database); each one
// it does not find takes its dynamic linker's error path, which together cost a tenth of a
// process's first lookup. One function stands for all: "ask the next service", as if it were not
// there.
#include <nss.h>

// It looks at no argument, so that whatever a caller passes stays the caller's.
extern "C" nss_status usher_serves_no_such_database() {
  return NSS_STATUS_UNAVAIL;
}

#define USHER_NOT_SERVED(function)                                                          \
  extern "C" __attribute__((visibility("default"), alias("usher_serves_no_such_database"))) \
  nss_status _nss_usher_##function()

// aliases
USHER_NOT_SERVED(endaliasent);
USHER_NOT_SERVED(getaliasbyname_r);
USHER_NOT_SERVED(getaliasent_r);
USHER_NOT_SERVED(setaliasent);

// ethers
USHER_NOT_SERVED(endetherent);
USHER_NOT_SERVED(getetherent_r);
USHER_NOT_SERVED(gethostton_r);
USHER_NOT_SERVED(getntohost_r);
USHER_NOT_SERVED(setetherent);

// gshadow
USHER_NOT_SERVED(endsgent);
USHER_NOT_SERVED(getsgent_r);
USHER_NOT_SERVED(getsgnam_r);
USHER_NOT_SERVED(setsgent);

// hosts
USHER_NOT_SERVED(endhostent);
USHER_NOT_SERVED(getcanonname_r);
USHER_NOT_SERVED(gethostbyaddr2_r);
USHER_NOT_SERVED(gethostbyaddr_r);
USHER_NOT_SERVED(gethostbyname2_r);
USHER_NOT_SERVED(gethostbyname3_r);
USHER_NOT_SERVED(gethostbyname4_r);
USHER_NOT_SERVED(gethostbyname_r);
USHER_NOT_SERVED(gethostent_r);
USHER_NOT_SERVED(sethostent);

// netgroup
USHER_NOT_SERVED(endnetgrent);
USHER_NOT_SERVED(getnetgrent_r);
USHER_NOT_SERVED(setnetgrent);

// networks
USHER_NOT_SERVED(endnetent);
USHER_NOT_SERVED(getnetbyaddr_r);
USHER_NOT_SERVED(getnetbyname_r);
USHER_NOT_SERVED(getnetent_r);
USHER_NOT_SERVED(setnetent);

// protocols
USHER_NOT_SERVED(endprotoent);
USHER_NOT_SERVED(getprotobyname_r);
USHER_NOT_SERVED(getprotobynumber_r);
USHER_NOT_SERVED(getprotoent_r);
USHER_NOT_SERVED(setprotoent);

// publickey
USHER_NOT_SERVED(getpublickey);
USHER_NOT_SERVED(getsecretkey);
USHER_NOT_SERVED(netname2user);

// rpc
USHER_NOT_SERVED(endrpcent);
USHER_NOT_SERVED(getrpcbyname_r);
USHER_NOT_SERVED(getrpcbynumber_r);
USHER_NOT_SERVED(getrpcent_r);
USHER_NOT_SERVED(setrpcent);

// services
USHER_NOT_SERVED(endservent);
USHER_NOT_SERVED(getservbyname_r);
USHER_NOT_SERVED(getservbyport_r);
USHER_NOT_SERVED(getservent_r);
USHER_NOT_SERVED(setservent);

// shadow
USHER_NOT_SERVED(endspent);
USHER_NOT_SERVED(getspent_r);
USHER_NOT_SERVED(getspnam_r);
USHER_NOT_SERVED(setspent);
