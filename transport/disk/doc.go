// Package disk has the functions that packages with files share: checksums, fsync and free space.
//
//	checksum.go     Checksum
//	folder.go       SyncFolder
//	space.go        IsFull
//	space_linux.go  FreeSpace by statfs(2)
//	space_other.go  FreeSpace on other systems
//	sync_linux.go   SyncData by fdatasync(2)
//	sync_other.go   SyncData on other systems
package disk
