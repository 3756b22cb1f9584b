package chat

// ControlDisconnect asks every node to close all connections of a user.
const ControlDisconnect = "disconnect"

// ControlSanctions reports that the sanctions have changed.
const ControlSanctions = "sanctions"
