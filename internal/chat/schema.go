package chat

import _ "embed"

//go:embed chat.schema.json
var schema []byte

// Schema is the JSON schema of what is said on a connection.
func Schema() []byte { return schema }
