package chat

// A Role is what a user may do. The zero value is a guest.
type Role uint8

// The roles, in the order of their rights.
const (
	RoleGuest Role = iota
	RoleMember
	RoleAdmin
)

var RoleNames = [...]string{"guest", "member", "admin"}

// String is the role's name as tokens, frames and keys spell it.
func (r Role) String() string { return RoleNames[r] }

// ParseRole reads a role's name; ok is false for any other word.
func ParseRole(s string) (r Role, ok bool) {
	for i, n := range RoleNames {
		if n == s {
			return Role(i), true
		}
	}
	return RoleGuest, false
}

// An Identity is who is at the other end of a connection.
type Identity struct {
	UserID, UserName, Avatar string
	Role                     Role
	ReadOnly                 bool  // may not write (guests where GUEST_ACCESS=read)
	Expires                  int64 // unix ms when the token ends; 0: never
}

func (id *Identity) Author() Author {
	return Author{ID: id.UserID, Name: id.UserName, Avatar: id.Avatar, Admin: id.Role == RoleAdmin}
}
