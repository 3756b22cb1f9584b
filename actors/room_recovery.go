package actors

// recovered puts right what a panic may have cost the room: effects that were not carried out, and ticks. What its
// members were shown is in doubt then, so the room takes up the log's position, and they reload.
func (r *room) recovered() {
	r.acting = false
	r.present.timed = false
	r.presentDue()
	r.going = false
	r.sweepLater()
	r.acks.armed = false
	r.acks.arm(r.self)
	if !r.open {
		r.again()
		return
	}
	r.state.distrust()
	r.effects()
}

// distrust forgets what was begun and not carried out, and takes up the log's newest page as the truth.
func (s *roomState) distrust() {
	s.effects = dropAll(s.effects)
	s.reading, s.owed, s.old = false, false, false
	s.rewind()
}
