/// Work that runs beside a run: pieces with the same name one after the other, others in any order.
package actor SideWork {
    private let limit: Int
    /// The unfinished pieces, the oldest first.
    private var pieces: [Task<Void, Never>] = []
    /// The latest piece of each name.
    private var latest: [String: Task<Void, Never>] = [:]

    /// Creates an empty collection of work.
    ///
    /// - Parameter limit: The most unfinished pieces, which hold their data in memory.
    package init(limit: Int) {
        self.limit = limit
    }

    /// Adds a piece of work; waits only while there are too many unfinished ones.
    ///
    /// - Parameters:
    ///   - name: What the piece is about.
    ///   - work: The work, which runs on a thread that gives way to others.
    ///   - handle: Receives the result before the next piece of that name begins.
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

    /// Waits until everything added so far is finished.
    package func finish() async {
        while !pieces.isEmpty { await pieces.removeFirst().value }
    }
}
