package node

import (
	"math"

	"chatnode/actors"
	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// statusReport is the response of /status/data. Times are ms since the Unix epoch, by the clock of this node. Counters
// count from its start.
type statusReport struct {
	InstanceID    string `json:"instanceId"`
	Version       string `json:"version"`
	Distributed   bool   `json:"distributed"`
	StartedAt     int64  `json:"startedAt"`
	Now           int64  `json:"now"`
	UptimeMs      int64  `json:"uptimeMs"`
	SnapshotAgeMs int64  `json:"surveyAgeMs"` // age of rooms, processes and mailboxes
	WindowMs      int64  `json:"windowMs"`    // time over which the rates of rooms were measured

	Link      linkBody                   `json:"link"`
	Links     []statusLink               `json:"links"`
	Totals    statusTotals               `json:"totals"`
	Journal   statusJournal              `json:"journal"`
	Instances statusList[statusInstance] `json:"instances"`
	Rooms     statusList[statusRoom]     `json:"rooms"`
	Kinds     []statusKind               `json:"kinds"`
	Processes statusList[statusProcess]  `json:"processes"`
}

// A statusList is a page of a list.
type statusList[T any] struct {
	Total  int `json:"total"`  // all elements
	Paged  int `json:"paged"`  // elements that have pages: the first ones
	Offset int `json:"offset"` // of this page
	Limit  int `json:"limit"`
	Data   []T `json:"data"`
}

func newStatusList[T any](total int, all []T, offset int) statusList[T] {
	from := min(offset, len(all))
	page := all[from:min(from+statusPageSize, len(all))]
	if page == nil {
		page = []T{}
	}
	return statusList[T]{total, len(all), offset, statusPageSize, page}
}

type statusInstance struct {
	instanceBody
	HeartbeatAgeMs int64 `json:"heartbeatAgeMs"`
}

func newStatusInstance(i *chat.Instance, now int64) statusInstance {
	age := max(0, now-i.LastHeartbeat)
	suspect := age > actors.SuspectAfter.Milliseconds()
	return statusInstance{instanceBody{i.InstanceID, i.Incarnation, i.StartedAt, i.LastHeartbeat, i.ConnectedClients, suspect}, age}
}

type statusRoom struct {
	Room      string  `json:"room"`
	Members   int     `json:"members"` // sessions on this node
	PerSecond float64 `json:"perSecond"`
	Shown     uint64  `json:"shown"`
}

// A statusKind is the state of all actors of a kind.
type statusKind struct {
	actorBody
	Parent string `json:"parent"` // kind of their parent; empty: the node
}

func newStatusKind(k *process.KindStats, l process.MailboxLoad) statusKind {
	return statusKind{newActorBody(k, l), k.Parent}
}

type statusProcess struct {
	ID          string  `json:"id"`
	Depth       int     `json:"depth"`
	Capacity    int     `json:"bound"`
	Utilization float64 `json:"fullness"`
}

// roundHundredths rounds to two decimal places.
func roundHundredths(x float64) float64 { return math.Round(x*100) / 100 }
