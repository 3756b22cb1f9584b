package chat

// Role is the role of a user. The zero value is a guest.
type Role uint8

// Roles, in ascending order of rights.
const (
	RoleGuest Role = iota
	RoleMember
	RoleAdmin
)

// RoleNames contains the names of the roles in tokens, frames and keys.
var RoleNames = [...]string{"guest", "member", "admin"}

// String returns the name of the role.
func (r Role) String() string { return RoleNames[r] }

// ParseRole returns the role with the given name. ok is false if there is none.
func ParseRole(s string) (r Role, ok bool) {
	for i, n := range RoleNames {
		if n == s {
			return Role(i), true
		}
	}
	return RoleGuest, false
}

// Identity is the user of a connection.
type Identity struct {
	UserID, UserName, Avatar string
	Role                     Role
	ReadOnly                 bool  // must not write (guests if GUEST_ACCESS=read)
	Expires                  int64 // unix ms when the token expires; 0: never
}

// Author returns the user as the author of a write.
func (id *Identity) Author() Author {
	return Author{ID: id.UserID, Name: id.UserName, Avatar: id.Avatar, Admin: id.Role == RoleAdmin}
}
