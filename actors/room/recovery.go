package room

// recovered puts right what a panic may have cost the room: effects that were not carried out, and ticks. What its
// members were shown is in doubt then, so the room takes up the log's position, and they reload.
func (r *Room) recovered() {
	r.acting = false
	r.present.timed = false
	r.presentDue()
	r.going = false
	r.sweepLater()
	r.acks.armed = false
	r.acks.arm(r.Self)
	if !r.open {
		r.again()
		return
	}
	r.state.Distrust()
	r.effects()
}
