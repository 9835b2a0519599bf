package app

import (
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

func TestMain(m *testing.M) {
	for _, v := range os.Environ() { // what would configure the product
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, variablePrefix) {
			os.Unsetenv(name)
		}
	}
	goleak.VerifyTestMain(postgres.Main(m))
}
