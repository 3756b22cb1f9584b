package chat

// ControlDisconnect is the order to close every connection of a user.
const ControlDisconnect = "disconnect"

// ControlSanctions is the news that the sanctions have changed.
const ControlSanctions = "sanctions"
