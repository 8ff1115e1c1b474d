# No reminder stays in the tree: it is done now, or it is an issue.

/(^|[^A-Za-z0-9_])(T[O]DO|F[I]XME|X[X]X|H[A]CK)([^A-Za-z0-9_]|$)/ {
  report(FNR, "a reminder in the tree; do it now or file it")
}
