import WSLimits
package import WSLink

/// The bounds on what a client can make the control interface do; the values come from ``Limits``.
package enum ControlLimits {
    /// The longest direct command, in octets.
    package static let longestCommand = Limits.controlMessage.value
    /// The most frames that one command can send.
    package static let mostFrames = Limits.commandFrames.value
    /// The most octets of payload that one command can send; checked before any are produced.
    package static let mostOctets = Limits.commandOctets.value
    /// The most writes that one command can be cut into.
    package static let mostPieces = Limits.commandPieces.value
    /// The most octets that are sent in one turn; then other connections have theirs.
    package static let octetsPerTurn = Limits.turnOctets.value
    /// The most writes in one turn.
    package static let piecesPerTurn = Limits.turnPieces.value
    /// The time between two turns.
    package static let betweenTurns = LinkDuration.milliseconds(1)
    /// How long a connection in direct command mode may be silent.
    package static let commandSilence = LinkDuration.milliseconds(Int64(Limits.commandSilence.value))
    /// How long a driver may keep the root address open without a command.
    ///
    /// After that it is taken for a client that plays one case.
    package static let straySilence = LinkDuration.seconds(1)
    /// How long the other side may take to answer our Close frame, and then to end TCP.
    package static let replyLimit = LinkDuration.seconds(1)
    /// How many kinds of oddities about clients are reported, each once.
    package static let mostOddities = Limits.oddities.value
    /// How many answers with the results so far are on their way to pages at a time.
    package static let mostDocuments = Limits.pageDocuments.value
    /// How many parameters of a query are read.
    package static let mostParameters = Limits.requestParameters.value
}
