import Synchronization
import WSTranscript

/// Starts a closure of this process as a client.
struct InProcessLauncher: ClientLauncher {
    let closure: DriverClosure

    var name: String { "the client" }

    /// A closure is called with the address.
    var namesAddress: Bool { true }

    var performsActions: Bool { closure.performsActions }

    func start(_ task: ClientTask) async throws -> any LaunchedClient {
        InProcessClient(closure, DriverTask(task))
    }
}

/// A closure that plays one case.
///
/// Nothing waits for a closure that ignores its cancellation.
private final class InProcessClient: LaunchedClient {
    private let conversation: Task<Void, Never>
    private let endings: AsyncStream<TargetEnding>
    private let words: Words

    init(_ closure: DriverClosure, _ task: DriverTask) {
        let (endings, ending) = AsyncStream.makeStream(of: TargetEnding.self)
        let words = Words()
        self.endings = endings
        self.words = words
        conversation = Task {
            do {
                try await closure.play(task)
                ending.yield(.exited(0))
            } catch {
                words.text.withLock { $0 = "\(error)" }
                ending.yield(.exited(1))
            }
            ending.finish()
        }
    }

    func ending(within limit: Duration) async -> TargetEnding? {
        for await ending in endings { return ending }
        return nil
    }

    func sanitizerReport() async -> String? { nil }

    func lastWords() async -> String {
        words.text.withLock { $0 }.map { "; it threw: \($0)" } ?? ""
    }

    func end() async {
        conversation.cancel()
    }
}

/// What a closure threw.
private final class Words: Sendable {
    let text = Mutex<String?>(nil)
}
