package node

import (
	"strconv"

	"chatnode/actors/wire"
)

// Limits of a page of a list.
const (
	defaultPageSize = 50
	maxPageSize     = 200
)

// room returns the room in the path and adds it to the audit event.
func (c *apiCall) room() (string, error) {
	name := c.r.PathValue("room")
	if !wire.ValidRoom(name) {
		return "", codeProblem(wire.CodeBadRoom)
	}
	c.event.Room = name
	return name, nil
}

// user returns the user id in the path and adds it to the audit event.
func (c *apiCall) user() (string, error) { return c.pathTarget("user", wire.ValidUser) }

// message returns the message id in the path and adds it to the audit event.
func (c *apiCall) message() (string, error) { return c.pathTarget("id", wire.ValidID) }

func (c *apiCall) pathTarget(parameter string, valid func(string) bool) (string, error) {
	id := c.r.PathValue(parameter)
	if !valid(id) {
		return "", problemBadField.withDetail(parameter)
	}
	c.event.Target = id
	return id, nil
}

// queryUint returns a query parameter from low to high, or fallback if it is missing.
func (c *apiCall) queryUint(name string, fallback, low, high uint64) (uint64, error) {
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
	n, err := c.queryUint("limit", defaultPageSize, 1, maxPageSize)
	return int(n), err
}
