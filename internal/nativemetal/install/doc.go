// Package install installs the fixture when a program imports it. Without the
// build tag objcnative it does nothing.
package install
