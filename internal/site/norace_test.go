//go:build !race

package site_test

const pooled = 1
