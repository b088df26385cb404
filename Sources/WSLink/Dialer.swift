/// Runs machines over byte streams to one target.
package protocol Dialer: Sendable {
    /// Connects, runs a machine until its link has ended, and returns it.
    ///
    /// Cancelling the task closes the link; the machine then ends with ``LinkEnd/closedHere``.
    ///
    /// - Parameters:
    ///   - machine: The machine, before its first event.
    ///   - probe: Makes the machine that performs ``LinkAction/probe(roundTrips:limit:)`` on a connection of its own,
    ///     and ends its link when it is done.
    /// - Returns: The machine after ``LinkMachine/linkEnded(_:at:)``.
    func run<Machine: LinkMachine>(
        _ machine: Machine,
        probe: @escaping @Sendable (_ roundTrips: Int) -> any LinkMachine
    ) async -> Machine
}
