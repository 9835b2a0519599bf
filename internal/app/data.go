package app

import (
	"os"
	"path/filepath"
	"slices"
)

// Names in the data folder.
const (
	databaseFile  = "rostrum.db"
	objectsFolder = "media"
	lockName      = "serve.lock"
)

// dataSecrets are the files of the data folder that a backup has.
var dataSecrets = []string{demoKeyFile, demoPasswordFile}

// dataDerived is what else a server makes there: what is being recorded, and
// what is made again.
var dataDerived = []string{objectsFolder, lockName, databaseFile, databaseFile + "-wal", databaseFile + "-shm", "spool", "heads", acmeFolder}

// acmeFolder is where certificates of an authority are, with their keys: they are
// got again.
const acmeFolder = "acme"

// strangeEntries lists what lies in a data folder and is not Rostrum's.
func strangeEntries(data string) (strange []string) {
	entries, err := os.ReadDir(data)
	if err != nil {
		return nil // what is in the backup is known by now
	}
	for _, e := range entries {
		if name := e.Name(); name != "lost+found" && !slices.Contains(dataDerived, name) && !slices.Contains(dataSecrets, name) {
			strange = append(strange, name)
		}
	}
	return strange
}

// databaseOf is where the rows are, as store.Open takes it.
func databaseOf(cfg Config) string {
	if cfg.DB.URL != "" {
		return cfg.DB.URL
	}
	return filepath.Join(cfg.Data, databaseFile)
}
