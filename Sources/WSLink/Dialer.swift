/// Runs machines over byte streams to one target.
package protocol Dialer: Sendable {
    /// Connects, runs a machine until its link has ended, and gives it back.
    ///
    /// Cancelling the task closes the link; the machine then ends with ``LinkEnd/closedHere``.
    ///
    /// - Parameters:
    ///   - machine: the machine, before its first event.
    ///   - probe: makes the machine that carries out ``LinkAction/probe(roundTrips:limit:)`` on a connection of its own
    ///     and ends its link when it is done.
    /// - Returns: the machine after ``LinkMachine/linkEnded(_:at:)``.
    func run<Machine: LinkMachine>(
        _ machine: Machine,
        probe: @escaping @Sendable (_ roundTrips: Int) -> any LinkMachine
    ) async -> Machine
}
