/// One line on standard error that says how far a run is; rewritten in place, gone at the end.
struct ProgressLine {
    private let isShown: Bool
    private var planned = 0
    private var done = 0
    private var isVisible = false
    private var last: ContinuousClock.Instant?

    /// Redrawing more often than this only costs time.
    private static let interval = Duration.milliseconds(50)

    /// Creates a line.
    ///
    /// - Parameter isShown: whether anything is written at all.
    init(isShown: Bool) {
        self.isShown = isShown
    }

    /// Begins with so many cases to do.
    mutating func begin(_ count: Int) {
        planned = count
        draw()
    }

    /// One case more is done.
    mutating func finished() {
        done += 1
        draw()
    }

    /// Takes the line away; the next draw brings it back.
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
        Console.draw("\r\u{1B}[K\(min(done, planned)) of \(planned) cases")
    }
}
