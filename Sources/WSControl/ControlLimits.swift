import WSLimits
package import WSLink

/// What a client may have the control interface do, and how much of it at a time, as numbers and times of ``Limits``.
package enum ControlLimits {
    /// The longest direct command, in octets of its message.
    package static let longestCommand = Limits.controlMessage.value
    /// How many frames one command may send.
    package static let mostFrames = Limits.commandFrames.value
    /// How many octets of payload one command may send, counted before any is made.
    package static let mostOctets = Limits.commandOctets.value
    /// Into how many writes one command may be cut.
    package static let mostPieces = Limits.commandPieces.value
    /// How many octets leave in one turn at most; then other connections have theirs.
    package static let octetsPerTurn = Limits.turnOctets.value
    /// How many writes leave in one turn at most.
    package static let piecesPerTurn = Limits.turnPieces.value
    /// How long one turn is away from the next.
    package static let betweenTurns = LinkDuration.milliseconds(1)
    /// How long nobody may say anything in direct command mode.
    package static let commandSilence = LinkDuration.milliseconds(Int64(Limits.commandSilence.value))
    /// How long a driver may keep the address of everything open without a command before it is taken for a client
    /// that plays one case.
    package static let straySilence = LinkDuration.seconds(1)
    /// How long the other side may take to answer our Close, and then to end TCP.
    package static let replyLimit = LinkDuration.seconds(1)
    /// How many things that are odd about clients are told, each once.
    package static let mostOddities = Limits.oddities.value
    /// How many parameters of a query are read.
    package static let mostParameters = Limits.requestParameters.value
}
