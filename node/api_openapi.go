package node

import (
	_ "embed"
	"encoding/json"
	"net/http"
)

// openAPIFile describes the API. Tests compare it with apiRoutes and with real answers.
//
//go:embed api_openapi.json
var openAPIFile []byte

func (*apiCall) openAPI() (*apiAnswer, error) {
	return &apiAnswer{http.StatusOK, json.RawMessage(openAPIFile)}, nil
}
