// Package seal encrypts a journal with a passphrase: the notes, as a backup in one file.
// The file is that of age (https://age-encryption.org), which other programs open.
package seal

// chunkSize is the unit of what sizes can be.
const chunkSize = 64 << 10
