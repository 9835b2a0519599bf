package viewing

import "github.com/rostrumlive/rostrum/internal/account"

// need is what it takes to watch something.
type need uint8

const (
	needNothing need = iota
	needPassword
	needMembership
)

// needOf takes a word that it does not know for the narrowest.
func needOf(v account.Visibility) need {
	switch v {
	case account.Public, account.Unlisted:
		return needNothing
	case account.Password:
		return needPassword
	}
	return needMembership
}

// IsOpen reports whether anyone may watch what has that visibility.
func IsOpen(v account.Visibility) bool { return needOf(v) == needNothing }

// met reports whether a place in the channel is enough, without a password: who
// may edit it may watch everything on it.
func (n need) met(p account.Place) bool {
	switch n {
	case needNothing:
		return true
	case needMembership:
		return p.AtLeast(account.PlaceMember)
	}
	return p.AtLeast(account.PlaceEditor)
}
