package store

import (
	"errors"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// applicationName is what PostgreSQL lists connections under.
const applicationName = "rostrum"

var errNoAddress = errors.New("it is not an address like postgres://user:password@host/database " +
	"(in a password write / as %2F, @ as %40, ? as %3F, # as %23 and % as %25)")

func isAddress(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

// CheckAddress says what is wrong with the address of a PostgreSQL database,
// without asking anybody. It repeats nothing of the address, which may hold a
// password.
func CheckAddress(address string) error {
	_, err := parseAddress(address)
	return err
}

// MaskAddress returns an address that CheckAddress takes with "xxxxx" for its
// passwords.
func MaskAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "xxxxx"
	}
	query := u.Query()
	for name := range query {
		if strings.Contains(strings.ToLower(name), "password") {
			query.Set(name, "xxxxx")
			u.RawQuery = query.Encode()
		}
	}
	return u.Redacted()
}

// parseAddress takes what stands in no doubt: an @ behind the first may be part
// of a password that was written as it is.
func parseAddress(address string) (*pgx.ConnConfig, error) {
	u, err := url.Parse(address)
	if err != nil || !isAddress(address) || u.Fragment != "" || strings.Count(address, "@") > 1 ||
		strings.Contains(address, "@") && u.User == nil {
		return nil, errNoAddress
	}
	cfg, err := pgx.ParseConfig(address)
	if err != nil {
		var e *pgconn.ParseConfigError
		if errors.As(err, &e) && e.Unwrap() != nil {
			return nil, e.Unwrap() // without the address
		}
		return nil, errNoAddress
	}
	cfg.DialFunc = dialer().DialContext
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = connectLimit
	}
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = applicationName
	}
	return cfg, nil
}
