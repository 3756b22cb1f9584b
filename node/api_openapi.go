package node

import (
	_ "embed"
	"encoding/json"
	"net/http"
)

// openAPIFile describes the API. A test holds it against apiRoutes and against what they answer.
//
//go:embed api_openapi.json
var openAPIFile []byte

func (*apiCall) openAPI() (*apiAnswer, error) {
	return &apiAnswer{http.StatusOK, json.RawMessage(openAPIFile)}, nil
}
