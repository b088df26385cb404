/// Lets one run of this process play at a time, in the order in which they ask.
///
/// What a conversation shows may rest on time; so runs do not disturb each other, as on the command line.
actor PlayingTurn {
    static let shared = PlayingTurn()

    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Waits until no other run plays.
    func begin() async {
        guard isTaken else {
            isTaken = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Lets the next run play.
    func end() {
        guard !waiting.isEmpty else {
            isTaken = false
            return
        }
        waiting.removeFirst().resume()
    }
}
