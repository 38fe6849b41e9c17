// Package seal encrypts with a passphrase: a site, as a web page that asks for it, and the
// notes, as a backup in one file.
//
// [Site] writes a folder to be put on any host, or carried on a phone. In it are
//
//	index.html    asks for the passphrase and shows the pages (loader.js)
//	data/*.js     what it shows, in chunks of one size; they are in index.html
//	              itself if it is to be one file
//	site.age      the plain site as an archive, for who does without that page
//
// The plain bytes are one row of files, each compressed, in an order by chance; then
// their directory, zeros up to one of few sizes, and in the last 16 bytes where the
// directory is. That row is cut into chunks, each encrypted by AES-256-GCM with a key
// that PBKDF2 makes of the passphrase and of a salt of this build, and each a script that
// hands its text to the page, since nothing else can be loaded from a disk. So neither
// names nor sizes nor their number say what is inside, but for how much there is to an
// eighth (pack.go).
//
// [Backup] and [Restore] write and read an age file (https://age-encryption.org), which
// other programs open, too.
package seal

// chunkSize is the size of a chunk, and the unit of all sizes.
const chunkSize = 64 << 10
