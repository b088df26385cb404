import WSScenario

/// The three ways in which Autobahn divides the same frames into writes.
enum WriteStyle: CaseIterable {
    /// All frames in one write.
    case whole
    /// Each frame in its own write.
    case frameWise
    /// Each octet in its own write.
    case octetWise

    /// The division into writes for these steps.
    var pacing: WritePacing {
        switch self {
        case .whole: .together
        case .frameWise: .separately
        case .octetWise: .pieces(1)
        }
    }

    /// The suffix of the id.
    var suffix: String {
        switch self {
        case .whole: ""
        case .frameWise: "-frame-wise"
        case .octetWise: "-octet-wise"
        }
    }

    /// The suffix of the title.
    var phrase: String {
        switch self {
        case .whole: "in one write"
        case .frameWise: "written one frame at a time"
        case .octetWise: "written one octet at a time"
        }
    }
}
