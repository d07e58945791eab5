/** Accord's mark: two lines that become one. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg
      className={className}
      width="18"
      height="18"
      viewBox="0 0 18 18"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
    >
      <path d="M2 3.5C8 3.5 7 9 13 9M2 14.5C8 14.5 7 9 13 9h3" />
    </svg>
  );
}
