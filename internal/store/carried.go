package store

import (
	"fmt"
	"slices"
	"strings"
)

// carried are the tables of a backup, each behind those that it refers to. A
// table that is neither here nor in leftBehind stops a backup, and before that
// TestEveryTableIsCarriedOrLeft.
var carried = []string{
	"settings", "audit",
	"users", "api_tokens", "passkeys", "identities",
	"channels", "channel_names", "channel_members", "stream_keys", "key_networks", "reports", "takedowns", "webhooks",
	"broadcasts", "audiences", "audience_minutes", "broadcast_events", "renditions", "inits", "segments", "stills",
	"clips", "kept_renditions", "kept_segments",
	"chat_lines", "chat_held", "chat_rooms", "chat_restrictions", "chat_log", "chat_polls", "chat_votes", "chat_people", "emotes",
	"documents",
}

// leftBehind are the tables that no backup has, and why.
var leftBehind = map[string]string{
	"sessions":           "a sign-in that was ended since must not come to life again: people sign in anew",
	"vouchers":           "what works once must not work again because it was used after the backup: make new invitations",
	"webhook_deliveries": "what waited at the backup was told since, and would be told again",

	"goose_db_version": "migrations write it",
	"documents_words":  "SQLite's index of documents, which triggers fill",
}

// shadows are the tables that SQLite keeps a full text index in.
var shadows = []string{"_data", "_idx", "_docsize", "_config"}

// isLeft reports whether a table is one of leftBehind, or part of one.
func isLeft(table string) bool {
	if _, ok := leftBehind[table]; ok {
		return true
	}
	for _, suffix := range shadows {
		if of, ok := strings.CutSuffix(table, suffix); ok {
			_, ok := leftBehind[of]
			return ok
		}
	}
	return false
}

// toCarry returns those of a database's tables that a backup has, in the order
// in which they can be filled.
func toCarry(there []string) ([]string, error) {
	for _, name := range there {
		if !slices.Contains(carried, name) && !isLeft(name) {
			return nil, fmt.Errorf("there is a table %q of which this version does not know whether it belongs in a backup", name)
		}
	}
	return slices.DeleteFunc(slices.Clone(carried), func(name string) bool { return !slices.Contains(there, name) }), nil
}
