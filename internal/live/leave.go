package live

// Leave is what a back-end that is asked through hooks said of an encoder.
type Leave struct {
	Client  int64  // the number by which the back-end knows the connection
	Asked   bool   // somebody was asked, which stands in place of the key check
	Name    string // under which the encoder may publish, when Asked; not checked
	Renamed bool   // Name is the back-end's word, and not the encoder's
	Relay   string // the address to which it is to be relayed too, which may hold a secret; empty: nowhere
}
