/// A progress line on standard error that is redrawn in place and removed at the end.
struct ProgressLine {
    private let isShown: Bool
    private var planned = 0
    private var done = 0
    private var isVisible = false
    private var last: ContinuousClock.Instant?
    /// When the first case could begin.
    private var start = ContinuousClock.now
    /// The topic of the case that was finished last.
    private var topic = ""

    /// The shortest time between two redraws, because redrawing more often only costs time.
    private static let interval = Duration.milliseconds(50)

    /// Creates a line.
    ///
    /// - Parameter isShown: Whether anything is written.
    init(isShown: Bool) {
        self.isShown = isShown
    }

    /// Begins with this many cases to play.
    mutating func begin(_ count: Int) {
        planned = count
        start = .now
        draw()
    }

    /// Counts a finished case.
    mutating func finished(_ id: String) {
        done += 1
        topic = String(id.prefix { $0 != "/" })
        draw()
    }

    /// Removes the line until the next redraw.
    mutating func clear() {
        guard isVisible else { return }
        isVisible = false
        last = nil
        Console.draw("\r\u{1B}[K")
    }

    private mutating func draw() {
        guard isShown else { return }
        let now = ContinuousClock.now
        if let last, last.duration(to: now) < Self.interval { return }
        last = now
        isVisible = true
        let text = ProgressText.line(done, of: planned, topic: topic, after: start.duration(to: now))
        Console.draw("\r\u{1B}[K\(text)")
    }
}
