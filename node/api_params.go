package node

import (
	"strconv"

	"chatnode/actors/wire"
)

// Pages of lists.
const (
	apiDefaultPage = 50
	apiMaxPage     = 200
)

// room is the path's room; it is noted for the audit log.
func (c *apiCall) room() (string, error) {
	name := c.r.PathValue("room")
	if !wire.ValidRoom(name) {
		return "", codeProblem(wire.CodeBadRoom)
	}
	c.act.Room = name
	return name, nil
}

// user is the user that the path names; it is noted for the audit log.
func (c *apiCall) user() (string, error) { return c.target("user", wire.ValidUser) }

// message is the id of the message that the path names; it is noted for the audit log.
func (c *apiCall) message() (string, error) { return c.target("id", wire.ValidID) }

func (c *apiCall) target(parameter string, valid func(string) bool) (string, error) {
	id := c.r.PathValue(parameter)
	if !valid(id) {
		return "", problemBadField.withDetail(parameter)
	}
	c.act.Target = id
	return id, nil
}

// number is a query parameter between low and high; fallback where it is missing.
func (c *apiCall) number(name string, fallback, low, high uint64) (uint64, error) {
	q := c.r.URL.Query()
	if !q.Has(name) {
		return fallback, nil
	}
	n, err := strconv.ParseUint(q.Get(name), 10, 64)
	if err != nil || n < low || n > high {
		return 0, problemBadField.withDetail(name)
	}
	return n, nil
}

func (c *apiCall) limit() (int, error) {
	n, err := c.number("limit", apiDefaultPage, 1, apiMaxPage)
	return int(n), err
}
