//go:build race

package site_test

// pooled is how much more may be made with the race detector, which drops a part of what
// is kept to be used again.
const pooled = 2
