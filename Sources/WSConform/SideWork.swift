/// Work that goes on beside a run: pieces of the same name one after the other, others in any order.
package actor SideWork {
    private let limit: Int
    /// What is under way, the oldest first.
    private var pieces: [Task<Void, Never>] = []
    /// The latest piece of each name.
    private var latest: [String: Task<Void, Never>] = [:]

    /// Creates a place for work.
    ///
    /// - Parameter limit: how many pieces may be under way, with all that they hold in memory.
    package init(limit: Int) {
        self.limit = limit
    }

    /// Adds a piece of work; waits only while too many are under way.
    ///
    /// - Parameters:
    ///   - name: what the piece is about.
    ///   - work: what to do, on a thread that gives way to others.
    ///   - handle: takes what came of it, before the next piece of that name begins.
    package func add<Result: Sendable>(
        _ name: String,
        _ work: @escaping @Sendable () -> Result,
        handle: @escaping @Sendable (Result) async -> Void
    ) async {
        let earlier = latest[name]
        let piece = Task {
            await earlier?.value
            await handle(BackgroundThreads.run(work))
        }
        latest[name] = piece
        pieces.append(piece)
        while pieces.count > limit { await pieces.removeFirst().value }
    }

    /// Waits for the end of everything that has been added so far.
    package func finish() async {
        while !pieces.isEmpty { await pieces.removeFirst().value }
    }
}
