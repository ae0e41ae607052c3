"""What keeps an attempt from writing."""


class LeaseLost(Exception):
    """Somebody else has taken the job up, or ended it: nothing may be written for this attempt.

    It is no DomainError, so that nobody who forgives those forgives this one.
    """

    def __init__(self, job_id: int, attempt: int) -> None:
        super().__init__(f"attempt {attempt} at job {job_id} is not the one that counts any more")
