#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What the mutated sources ask at each mutation point: the value as it is, or the mutant's.
///
/// `WSCONFORM_MUTANT` is the number of the mutant that is on. With `WSCONFORM_MUTANTS_SEEN` no mutant is on; instead
/// each one whose value would have differed is noted in that file, an octet a mutant, which has to be as long as there
/// are mutants.
public enum Mutants {
    /// The mutant that is on; -1 for none.
    private static let active: Int = {
        guard let text = unsafe getenv("WSCONFORM_MUTANT") else { return -1 }
        return unsafe Int(String(cString: text)) ?? -1
    }()

    /// The octets of the file of those that were seen; nil where none is wanted.
    nonisolated(unsafe) private static let seen: UnsafeMutableBufferPointer<UInt8>? = {
        guard let path = unsafe getenv("WSCONFORM_MUTANTS_SEEN") else { return nil }
        let file = unsafe open(path, O_RDWR)
        guard file >= 0 else { return nil }
        let length = Int(lseek(file, 0, SEEK_END))
        let memory = unsafe mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
        guard length > 0, let memory = unsafe memory, unsafe memory != MAP_FAILED else { return nil }
        return unsafe UnsafeMutableBufferPointer(start: memory.assumingMemoryBound(to: UInt8.self), count: length)
    }()

    /// Whether this mutant is on; notes it where it would make a difference.
    private static func isOn(_ mutant: Int, where differs: @autoclosure () -> Bool = true) -> Bool {
        if active == mutant { return true }
        if let seen = unsafe seen, differs() { unsafe seen[mutant] = 1 }
        return false
    }

    // MARK: Statements and conditions

    /// True, unless this mutant takes away the statement or branch that depends on it.
    public static func keeps(_ mutant: Int) -> Bool { !isOn(mutant) }

    /// A value that the mutants from this one on replace by true and by false.
    public static func constant(_ value: Bool, _ mutant: Int) -> Bool {
        if isOn(mutant, where: !value) { return true }
        if isOn(mutant + 1, where: value) { return false }
        return value
    }

    /// A condition that the mutant takes as given.
    public static func always(_ value: Bool, _ mutant: Int) -> Bool { isOn(mutant, where: !value) || value }

    /// A condition that the mutant takes as never met.
    public static func never(_ value: Bool, _ mutant: Int) -> Bool { isOn(mutant, where: value) ? false : value }

    /// A value that the mutant turns around.
    public static func turned(_ value: Bool, _ mutant: Int) -> Bool { isOn(mutant) ? !value : value }

    /// `&&`, and its mutants: `||`, the left side alone, the right side alone.
    public static func and(
        _ left: @autoclosure () throws -> Bool,
        _ right: @autoclosure () throws -> Bool,
        _ mutant: Int
    ) rethrows -> Bool {
        if isOn(mutant, where: false) { return try left() || right() }
        if isOn(mutant + 1, where: false) { return try left() }
        if isOn(mutant + 2, where: false) { return try right() }
        let isLeft = try left()
        guard isLeft else {
            // What the right side is only the mutants evaluate.
            _ = (isOn(mutant), isOn(mutant + 2))
            return false
        }
        let isRight = try right()
        if !isRight { _ = (isOn(mutant), isOn(mutant + 1)) }
        return isRight
    }

    /// `||`, and its mutants: `&&`, the left side alone, the right side alone.
    public static func or(
        _ left: @autoclosure () throws -> Bool,
        _ right: @autoclosure () throws -> Bool,
        _ mutant: Int
    ) rethrows -> Bool {
        if isOn(mutant, where: false) { return try left() && right() }
        if isOn(mutant + 1, where: false) { return try left() }
        if isOn(mutant + 2, where: false) { return try right() }
        if try left() {
            _ = (isOn(mutant), isOn(mutant + 2))
            return true
        }
        let isRight = try right()
        if isRight { _ = (isOn(mutant), isOn(mutant + 1)) }
        return isRight
    }

    // MARK: Comparisons

    /// `<`, and its mutants: `<=`, and with `turning` also `>=`.
    public static func less<T: Comparable>(_ left: T, _ right: T, _ mutant: Int, turning: Bool) -> Bool {
        if isOn(mutant, where: left == right) { return left <= right }
        if turning, isOn(mutant + 1) { return left >= right }
        return left < right
    }

    /// `<=`, and its mutants: `<`, and with `turning` also `>`.
    public static func lessOrEqual<T: Comparable>(_ left: T, _ right: T, _ mutant: Int, turning: Bool) -> Bool {
        if isOn(mutant, where: left == right) { return left < right }
        if turning, isOn(mutant + 1) { return left > right }
        return left <= right
    }

    /// `>`, and its mutants: `>=`, and with `turning` also `<=`.
    public static func greater<T: Comparable>(_ left: T, _ right: T, _ mutant: Int, turning: Bool) -> Bool {
        if isOn(mutant, where: left == right) { return left >= right }
        if turning, isOn(mutant + 1) { return left <= right }
        return left > right
    }

    /// `>=`, and its mutants: `>`, and with `turning` also `<`.
    public static func greaterOrEqual<T: Comparable>(_ left: T, _ right: T, _ mutant: Int, turning: Bool) -> Bool {
        if isOn(mutant, where: left == right) { return left > right }
        if turning, isOn(mutant + 1) { return left < right }
        return left >= right
    }

    /// The smaller one, or the mutant's larger one.
    public static func least<T: Comparable>(_ left: T, _ right: T, _ mutant: Int) -> T {
        isOn(mutant, where: left != right) ? max(left, right) : min(left, right)
    }

    /// The larger one, or the mutant's smaller one.
    public static func most<T: Comparable>(_ left: T, _ right: T, _ mutant: Int) -> T {
        isOn(mutant, where: left != right) ? min(left, right) : max(left, right)
    }

    // MARK: Numbers

    /// An integer literal, or the mutant's, which is larger by one.
    public static func number<T: FixedWidthInteger>(_ value: T, _ mutant: Int) -> T {
        isOn(mutant) ? value &+ 1 : value
    }

    /// `+`, or the mutant's `-`.
    public static func plus<T: AdditiveArithmetic>(_ left: T, _ right: T, _ mutant: Int) -> T {
        isOn(mutant, where: right != .zero) ? left - right : left + right
    }

    /// `+` of collections, or the mutant's left one alone.
    public static func plus<C: RangeReplaceableCollection, S: Sequence>(_ left: C, _ right: S, _ mutant: Int) -> C
    where C.Element == S.Element {
        isOn(mutant) ? left : left + right
    }

    /// `-`, or the mutant's `+`.
    public static func minus<T: AdditiveArithmetic>(_ left: T, _ right: T, _ mutant: Int) -> T {
        isOn(mutant, where: right != .zero) ? left + right : left - right
    }

    /// `&+`, or the mutant's `&-`.
    public static func wrappingPlus<T: FixedWidthInteger>(_ left: T, _ right: T, _ mutant: Int) -> T {
        isOn(mutant, where: right != 0) ? left &- right : left &+ right
    }

    /// `&-`, or the mutant's `&+`.
    public static func wrappingMinus<T: FixedWidthInteger>(_ left: T, _ right: T, _ mutant: Int) -> T {
        isOn(mutant, where: right != 0) ? left &+ right : left &- right
    }

    /// `&`, or the mutant's `|`.
    public static func bitAnd<T: BinaryInteger>(_ left: T, _ right: T, _ mutant: Int) -> T {
        isOn(mutant, where: left & right != left | right) ? left | right : left & right
    }

    /// `|`, or the mutant's `&`.
    public static func bitOr<T: BinaryInteger>(_ left: T, _ right: T, _ mutant: Int) -> T {
        isOn(mutant, where: left & right != left | right) ? left & right : left | right
    }

    /// `^`, or the mutant's left side alone.
    public static func bitXor<T: BinaryInteger>(_ left: T, _ right: T, _ mutant: Int) -> T {
        isOn(mutant, where: right != 0) ? left : left ^ right
    }

    /// `<<`, or the mutant's `>>`.
    public static func shiftLeft<T: BinaryInteger, R: BinaryInteger>(_ left: T, _ right: R, _ mutant: Int) -> T {
        isOn(mutant, where: left << right != left >> right) ? left >> right : left << right
    }

    /// `>>`, or the mutant's `<<`.
    public static func shiftRight<T: BinaryInteger, R: BinaryInteger>(_ left: T, _ right: R, _ mutant: Int) -> T {
        isOn(mutant, where: left << right != left >> right) ? left << right : left >> right
    }

    // MARK: What is returned

    /// What a function returns, or the mutant's constant.
    public static func result<T>(_ value: T, _ constant: T, _ mutant: Int) -> T { isOn(mutant) ? constant : value }

    /// What a function returns, or the mutant's constant, where the two can be compared.
    public static func result<T: Equatable>(_ value: T, _ constant: T, _ mutant: Int) -> T {
        isOn(mutant, where: value != constant) ? constant : value
    }
}
