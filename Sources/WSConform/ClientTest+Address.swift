extension ClientTest {
    /// What to do about a command that may never learn the address, in one line.
    ///
    /// - Parameter command: The command and its arguments; empty for none.
    /// - Returns: Nil if its words name the address.
    package static func adviceOnAddress(of command: [String]) -> String? {
        guard !command.isEmpty, !CommandLauncher.namesAddress(command),
            !command.contains(where: { $0.contains(ClientTask.addressVariable) })
        else { return nil }
        return "\(CommandLauncher(command: command).commandLine) has no {url} among its words, so that only "
            + "\(ClientTask.addressVariable) tells it where to connect; write {url} where the address goes"
    }
}
